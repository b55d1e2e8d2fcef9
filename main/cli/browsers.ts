/**
 * Where systems keep Chromium and its kin. Looks at paths only; starts nothing.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

export interface Browser {
  /** What people call it: `Chromium`, `Google Chrome`, … */
  name: string
  path: string
}

type Env = Readonly<Record<string, string | undefined>>

/** Names of commands, in the order they are tried. */
const COMMANDS: readonly (readonly [command: string, name: string])[] = [
  ['chromium', 'Chromium'],
  ['chromium-browser', 'Chromium'],
  ['google-chrome', 'Google Chrome'],
  ['google-chrome-stable', 'Google Chrome'],
  ['microsoft-edge', 'Microsoft Edge'],
  ['microsoft-edge-stable', 'Microsoft Edge'],
]

const MAC_APPS = ['Chromium', 'Google Chrome', 'Microsoft Edge']

const WINDOWS_APPS: readonly (readonly [path: string, name: string])[] = [
  ['Chromium\\Application\\chrome.exe', 'Chromium'],
  ['Google\\Chrome\\Application\\chrome.exe', 'Google Chrome'],
  ['Microsoft\\Edge\\Application\\msedge.exe', 'Microsoft Edge'],
]

/** Every place to look at, best first. `PUSHSCOPE_BROWSER` is a path and comes before all. */
export function browserCandidates(env: Env = process.env, platform: NodeJS.Platform = process.platform): Browser[] {
  const chosen = env['PUSHSCOPE_BROWSER']
  const first = chosen ? [{ name: basename(chosen), path: chosen }] : []
  if (platform === 'darwin') {
    const folders = ['/Applications', join(env['HOME'] ?? '', 'Applications')]
    return [
      ...first,
      ...folders.flatMap((folder) =>
        MAC_APPS.map((name) => ({ name, path: join(folder, `${name}.app`, 'Contents', 'MacOS', name) })),
      ),
    ]
  }
  if (platform === 'win32') {
    const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter((one) => one)
    return [
      ...first,
      ...WINDOWS_APPS.flatMap(([path, name]) => folders.map((folder) => ({ name, path: `${folder}\\${path}` }))),
    ]
  }
  const folders = new Set([...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'])
  return [
    ...first,
    ...COMMANDS.flatMap(([command, name]) =>
      [...folders].filter((folder) => folder.startsWith('/')).map((folder) => ({ name, path: join(folder, command) })),
    ),
  ]
}

export function findSystemBrowser(env: Env = process.env, platform = process.platform): Browser | null {
  return browserCandidates(env, platform).find(({ path }) => canRun(path)) ?? null
}

export function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** macOS and Windows always have one. */
export const hasDisplay = (env: Env = process.env, platform = process.platform): boolean =>
  platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
