/**
 * Electron's binary: where it is, and how it is fetched once. The npm package brings none since 42; its own
 * `install-electron` does. A failed try is remembered for a while, so that the next start is quick.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, runPackage } from './child.ts'

const LIMIT = 60_000 // ms for about 120 MB; a slower line fetches it with `npx install-electron`
const REMEMBERED = 6 * 60 * 60 * 1_000 // ms
const BEAT = 5_000 // ms between two words on the progress

const PACKAGE = join(ROOT, 'node_modules', 'electron')
const MEMORY = join(ROOT, 'node_modules', '.cache', 'pushscope', 'electron-fetch-failed')

type Env = Readonly<Record<string, string | undefined>>

/** The binary's path; null when it is not there. */
export function findElectron(env: Env = process.env, folder = PACKAGE): string | null {
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8')
    const path = join(env['ELECTRON_OVERRIDE_DIST_PATH'] || join(folder, 'dist'), name)
    return existsSync(path) ? path : null
  } catch {
    const override = env['ELECTRON_OVERRIDE_DIST_PATH']
    if (!override) return null
    const path = join(override, EXECUTABLES[process.platform] ?? 'electron')
    return existsSync(path) ? path : null
  }
}

const EXECUTABLES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** The binary, fetched when it may be; else the sentence that says why there is none. */
export async function getElectron(
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<{ path: string } | string> {
  const path = findElectron()
  if (path) return { path }
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return 'Electron is not installed, and ELECTRON_SKIP_BINARY_DOWNLOAD forbids to fetch it.'
  if (!existsSync(join(PACKAGE, 'install.js'))) return 'The electron package is not installed.'
  const failed = recall()
  if (failed) return `Electron could not be fetched (${failed}); \`npx install-electron\` tries again.`

  say('Fetching Electron, once …')
  const started = performance.now()
  const progress = setInterval(
    () => say(`  ${Math.round((performance.now() - started) / 1_000)} s of at most ${LIMIT / 1_000} s`),
    BEAT,
  )
  const fetched = await runPackage('electron', 'install-electron', [], {
    signal,
    stdio: ['ignore', 'ignore', 'ignore'],
    limit: LIMIT,
  })
  clearInterval(progress)
  const now = findElectron()
  if (now) {
    rmSync(MEMORY, { force: true })
    return { path: now }
  }
  if (!signal.aborted) remember(fetched.problem)
  return `Electron could not be fetched (${fetched.problem.replace(/\.$/, '').toLowerCase()}); \`npx install-electron\` tries again.`
}

function recall(): string | null {
  try {
    const { at, version } = JSON.parse(readFileSync(MEMORY, 'utf8')) as { at: number; version: string }
    const age = Date.now() - at
    return version === electronVersion() && age >= 0 && age < REMEMBERED ? 'tried lately' : null
  } catch {
    return null
  }
}

function remember(problem: string): void {
  try {
    mkdirSync(dirname(MEMORY), { recursive: true })
    writeFileSync(MEMORY, JSON.stringify({ at: Date.now(), version: electronVersion(), problem }))
  } catch {
    // Then the next start tries again.
  }
}

const electronVersion = (): string =>
  (JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }).version
