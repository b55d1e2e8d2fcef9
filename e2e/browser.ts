/**
 * The browser of the end-to-end tests: PUSHSCOPE_BROWSER, Playwright's own, the system's; and when there is none, one
 * that is installed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { canRun, findSystemBrowser } from '../main/cli/browsers.ts'

export interface FoundBrowser {
  path: string
  /** Where it comes from, for people. */
  source: string
}

/** Null when there is none. Throws a sentence when PUSHSCOPE_BROWSER names something that cannot be run. */
export function findBrowser(env = process.env): FoundBrowser | null {
  const chosen = env['PUSHSCOPE_BROWSER']
  if (chosen) {
    if (canRun(chosen)) return { path: chosen, source: 'PUSHSCOPE_BROWSER' }
    throw new Error(`PUSHSCOPE_BROWSER is ${chosen}, which cannot be run.`)
  }
  const own = chromium.executablePath()
  if (own && existsSync(own)) return { path: own, source: "Playwright's own" }
  const system = findSystemBrowser(env)
  return system && { path: system.path, source: `the system's ${system.name}` }
}

const INSTALL_LIMIT = 300_000 // ms

/** Installs one; throws a sentence when it cannot. Output goes to stderr. */
export function installBrowser(say: (sentence: string) => void): FoundBrowser {
  const root = process.getuid?.() === 0
  const playwright = join(import.meta.dirname, '..', 'node_modules', 'playwright', 'cli.js')
  // System packages want root; without it the browser alone is fetched, and says itself what it misses.
  const dependencies = process.platform === 'linux' && !root ? [] : ['--with-deps']
  say('There is no browser; installing Chromium with Playwright …')
  attempt(process.execPath, [playwright, 'install', ...dependencies, 'chromium'])
  const own = findBrowser()
  if (own) return own

  if (root && existsSync('/etc/debian_version')) {
    say("Playwright's Chromium cannot be had; installing Debian's …")
    attempt('apt-get', [...APT, 'update'])
    attempt('apt-get', [...APT, 'install', '-y', '--no-install-recommends', 'chromium'])
    const debian = findBrowser()
    if (debian) return debian
  }
  throw new Error(
    'There is no Chromium, Chrome or Edge, and none could be installed. ' +
      'Install one, or name one in PUSHSCOPE_BROWSER.',
  )
}

/** A new machine often installs its updates just then, and holds the lock for a while. */
const APT = ['-o', 'DPkg::Lock::Timeout=120'] // s

function attempt(command: string, args: readonly string[]): void {
  spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_LIMIT,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
