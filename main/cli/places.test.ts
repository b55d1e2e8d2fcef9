import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'
import { appWindowArguments } from './app-window.ts'
import { browserCandidates, findSystemBrowser, hasDisplay } from './browsers.ts'
import { dataDirectory } from '../engine/data-directory.ts'
import { packageRoot, version } from './package.ts'

/** Its files have no mode that makes them programs. */
const onWindows = process.platform === 'win32'

test.each([
  ['linux', {}, '/home/u/.local/share/pushscope'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/pushscope'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/u/.local/share/pushscope'],
  ['darwin', {}, '/home/u/Library/Application Support/pushscope'],
  ['win32', { APPDATA: '/home/u/Roaming' }, '/home/u/Roaming/pushscope'],
] as const)('on %s with %o captures are kept in %s', (platform, env, directory) => {
  expect(dataDirectory(env, platform, '/home/u').replaceAll(sep, '/')).toBe(directory)
})

test('the browser that PUSHSCOPE_BROWSER names comes first on every system', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(browserCandidates({ PUSHSCOPE_BROWSER: '/opt/thorium' }, platform)[0]).toEqual({
      name: 'thorium',
      path: '/opt/thorium',
    })
})

test.skipIf(onWindows)('the path is searched for Chromium before Chrome before Edge, and only programs count', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-path-'))
  const empty = { PATH: folder, HOME: folder }
  const put = (name: string, mode: number): void => {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), mode)
  }
  const found = (): string | undefined =>
    browserCandidates(empty, 'linux')
      .filter(({ path }) => path.startsWith(folder))
      .map((candidate) => findSystemBrowser({ PUSHSCOPE_BROWSER: candidate.path, PATH: folder }, 'linux'))
      .find((browser) => browser?.path.startsWith(folder))?.path
  mkdirSync(join(folder, 'chromium'))
  put('google-chrome', 0o644)
  put('microsoft-edge', 0o755)
  expect(found()).toBe(join(folder, 'microsoft-edge'))
  chmodSync(join(folder, 'google-chrome'), 0o755)
  expect(found()).toBe(join(folder, 'google-chrome'))
  rmSync(folder, { recursive: true })
})

test('a display is a matter of Linux only', () => {
  expect(hasDisplay({}, 'linux')).toBe(false)
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
  expect(hasDisplay({}, 'darwin')).toBe(true)
  expect(hasDisplay({}, 'win32')).toBe(true)
})

test("a window has a profile of its own, and does without Chromium's sandbox only for root", () => {
  const options = appWindowArguments({ url: 'http://127.0.0.1:1/opening', profile: '/tmp/p', root: false })
  expect(options.slice(0, 2)).toEqual(['--app=http://127.0.0.1:1/opening', '--user-data-dir=/tmp/p'])
  expect(options).not.toContain('--no-sandbox')
  expect(appWindowArguments({ url: '', profile: '', root: true })).toContain('--no-sandbox')
})

test('the package knows its folder and version', () => {
  expect(packageRoot()).toBe(join(import.meta.dirname, '..', '..'))
  expect(version()).toMatch(/^\d+\.\d+\.\d+/)
})
