/**
 * A window of the system's browser without tabs and address bar, with a profile of its own that is thrown away:
 * closing the window ends that browser process, and nothing of the user's browser is touched.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { OPENING } from '../web/browser-host.ts'
import { PIPE_ARGUMENT, PIPE_STDIO, navigateOverPipe } from './browser-pipe.ts'

const PATIENCE = 3_000 // ms between asking the browser to end and ending it

export interface AppWindow {
  /** Resolves when the browser has ended, with a word on how. */
  gone: Promise<string>
  /** Ends it; resolves when it is gone and its profile is removed. */
  close(): Promise<void>
}

export function openAppWindow({ browser, url }: { browser: string; url: string }): AppWindow {
  const profile = mkdtempSync(join(profileParent(browser), 'pushscope-window-'))
  const opening = new URL(OPENING, url).href
  const child = spawn(browser, appWindowArguments({ url: opening, profile, root: process.getuid?.() === 0 }), {
    stdio: [...PIPE_STDIO],
  })
  const [, , , commands, answers] = child.stdio
  // Both are missing when it could not be started; `error` tells.
  if (commands && answers) navigateOverPipe(commands as Writable, answers as Readable, opening, url)
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`))
  })
  const removed = gone.then(() => removeProfile(profile))
  // If we end without a word (a second Ctrl+C, process.exit), the browser still goes.
  const onExit = (): void => {
    child.kill('SIGKILL')
    removeProfile(profile)
  }
  process.once('exit', onExit)
  void gone.then(() => process.off('exit', onExit))

  return {
    gone,
    async close() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      await removed
      clearTimeout(force)
    },
  }
}

export function appWindowArguments({ url, profile, root }: { url: string; profile: string; root: boolean }): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    PIPE_ARGUMENT,
    '--window-size=1360,860',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--disable-features=Translate,MediaRouter,OptimizationHints',
    '--password-store=basic',
    // Chromium's sandbox does not work for root and it refuses to start with it.
    ...(root ? ['--no-sandbox'] : []),
  ]
}

/** A snap sees neither /tmp nor hidden folders of the home directory, but its own `common`. */
function profileParent(browser: string): string {
  if (!isSnap(browser)) return tmpdir()
  const common = join(homedir(), 'snap', 'chromium', 'common')
  mkdirSync(common, { recursive: true })
  return common
}

function isSnap(browser: string): boolean {
  try {
    return browser.startsWith('/snap/') || realpathSync(browser).endsWith('/snap')
  } catch {
    return false
  }
}

/** The browser's helpers may write for a moment longer. */
function removeProfile(profile: string): void {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  } catch {
    // It lies in the system's temporary folder and holds nothing of worth.
  }
}
