/**
 * The app under test: each test has a host process, a data directory and a window of its own, in Chromium or Electron
 * as the project says. Specs import `test` and `expect` from here.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { electronBinary, electronMissing } from './electron.ts'
import { end, ROOT, startHost } from './host.ts'
import { browserSystem, electronSystem, type System } from './system.ts'

export { expect } from '@playwright/test'
export { end, ROOT, startCli, startHost } from './host.ts'

export interface App {
  window: Page
  /** `http://127.0.0.1:PORT/#token=…`; empty in Electron. */
  url: string
  dataDirectory: string
  system: System
  /** Null in a browser. */
  electron: ElectronApplication | null
}

interface Fixtures {
  /** The app with its window open. */
  app: App
  dataDirectory: string
  /** Fails a test whose window threw an exception or broke its content security policy. */
  watch: (page: Page) => void
  skipWithoutElectron: undefined
}

export const test = base.extend<Fixtures>({
  skipWithoutElectron: [
    async ({}, use, testInfo) => {
      testInfo.skip(testInfo.project.name === 'electron' && electronMissing !== '', electronMissing)
      await use(undefined)
    },
    { auto: true },
  ],

  dataDirectory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'pushscope-e2e-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  },

  watch: async ({}, use) => {
    const faults: string[] = []
    await use((page) => {
      page.on('pageerror', (error) => faults.push(error.stack ?? error.message))
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) faults.push(message.text())
      })
    })
    if (faults.length > 0) throw new Error(`The window is at fault:\n${faults.join('\n')}`)
  },

  app: async ({ browser, contextOptions, dataDirectory, watch }, use, testInfo) => {
    if (testInfo.project.name === 'electron') {
      const electron = await _electron.launch({
        executablePath: electronBinary!,
        args: [ROOT, `--user-data-dir=${dataDirectory}`],
        chromiumSandbox: process.getuid?.() !== 0, // as root there is none; everyone else has it
      })
      const window = await electron.firstWindow()
      watch(window)
      await use({ window, url: '', dataDirectory, system: electronSystem(electron), electron })
      return electron.close()
    }
    const host = await startHost(dataDirectory)
    const context = await browser.newContext(contextOptions)
    const window = await context.newPage()
    watch(window)
    await window.goto(host.url)
    await use({ window, url: host.url, dataDirectory, system: browserSystem(window), electron: null })
    await context.close()
    await end(host.process)
  },
})
