/**
 * `npm run smoke [-- EXECUTABLE]`: starts the packaged application, the real one, and looks at its window through
 * Chromium's debugging port: the page is ours, the engine answers and records. Without an argument, the one in dist/.
 * What only Electron's binary can prove.
 */
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { chromium, expect, type Browser, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { inspector } from '../../e2e/pages/inspector.ts'
import { PAGE } from '../../main/shell/origin.ts'
import { ROOT } from '../child.ts'
import { FUSES } from './fuses.ts'
import { NAME, PRODUCT } from './identity.ts'

const PATIENCE = 60_000 // ms; the first start on a slow machine
const ENDING = 10_000 // ms between closing the window, asking the application to end, and ending it

const executable = resolve(process.argv[2] ?? packagedExecutable())
if (!existsSync(executable)) throw new Error(`${executable} does not exist: run \`npm run package\` first.`)
await checkFuses(realpathSync(executable))
await checkWindow(executable)
console.log(`${executable}: the fuses are flipped, the window shows, the engine answers and records.`)

function packagedExecutable(): string {
  const folder = join(
    ROOT,
    process.env['PUSHSCOPE_PACKAGES'] || 'dist',
    `${PRODUCT}-${process.platform}-${process.arch}`,
  )
  if (process.platform === 'darwin') return join(folder, `${PRODUCT}.app`, 'Contents', 'MacOS', PRODUCT)
  return join(folder, process.platform === 'win32' ? `${NAME}.exe` : NAME)
}

async function checkFuses(path: string): Promise<void> {
  const wire = await getCurrentFuseWire(path)
  for (const fuse of Object.values(FuseV1Options).filter((one) => typeof one === 'number')) {
    const state = String.fromCharCode(wire[fuse] ?? 0)
    if (state !== (FUSES[fuse] ? '1' : '0')) throw new Error(`The fuse ${FuseV1Options[fuse]} is ${state}.`)
  }
}

async function checkWindow(path: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'pushscope-smoke-'))
  const app = spawn(path, ['--remote-debugging-port=0', `--user-data-dir=${data}`], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(app))
    const page = await ourWindow(browser)
    await expect(page).toHaveTitle(PRODUCT)
    // Servers live in the engine: that they start proves its process and the port to it.
    await page.getByRole('button', { name: 'Start all servers' }).click({ timeout: PATIENCE })
    await expect(page.getByRole('button', { name: 'Stop all servers' })).toBeVisible({ timeout: PATIENCE })
    // Rows come from a capture, which a thread writes by node:sqlite: that thread starts from the asar.
    const window = inspector(page)
    await window.chooseServer('Server-Sent Events')
    await window.connect()
    await expect(window.rows('event').nth(1)).toBeVisible({ timeout: PATIENCE })
    await page.close().catch(() => undefined) // the application may be gone before it has answered
    await browser.close()
  } finally {
    await end(app)
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 }) // Windows lets go late
  }
}

/** The window opens after the port does. */
async function ourWindow(browser: Browser): Promise<Page> {
  const find = (): Page | undefined =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((page) => page.url().startsWith(PAGE))
  await expect
    .poll(() => find() !== undefined, { timeout: PATIENCE, message: `a window that shows ${PAGE}` })
    .toBe(true)
  return find()!
}

/** Chromium says it on stderr, which is passed on. */
function debuggingAddress(app: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The application opened no debugging port.')), PATIENCE)
    app.once('error', reject)
    app.once('exit', (code) => reject(new Error(`The application ended with ${code}.`)))
    createInterface({ input: app.stderr! }).on('line', (line) => {
      process.stderr.write(`${line}\n`)
      const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1]
      if (!address) return
      clearTimeout(late)
      resolve(address)
    })
  })
}

/** It ends with its last window; on a Mac it goes on without one. */
async function end(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return
  const gone = once(app, 'exit')
  const ask = setTimeout(() => app.kill('SIGTERM'), process.platform === 'darwin' ? 0 : ENDING)
  const force = setTimeout(() => app.kill('SIGKILL'), 2 * ENDING)
  await gone
  clearTimeout(ask)
  clearTimeout(force)
}
