/** Builds out/ when it is missing or older than what it is made of. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runPackage, type RunOutcome } from './child.ts'

const SOURCES = ['main', 'preload', 'renderer', 'electron.vite.config.ts', 'package.json', 'tsconfig.json']
const PRODUCTS = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html']

/** Builders write to stdout; here it goes to stderr, since stdout is for results. */
export const build = (signal: AbortSignal): Promise<RunOutcome> =>
  runPackage('electron-vite', 'electron-vite', ['build', '--logLevel', 'warn'], {
    signal,
    stdio: ['ignore', process.stderr, process.stderr],
  })

export function isBuilt(root = ROOT): boolean {
  const built = Math.min(...PRODUCTS.map((path) => changedAt(join(root, path)) ?? 0))
  return SOURCES.every((path) => newest(join(root, path)) <= built)
}

/** ms since the epoch; folders count too, since a file taken away changes only its folder. */
function newest(path: string): number {
  const own = changedAt(path) ?? 0
  try {
    return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), own)
  } catch {
    return own // a file
  }
}

function changedAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}
