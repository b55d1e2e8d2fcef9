import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createIgnore, keepNativeBuilds, projectIgnore, runtimePackages, trimManifest } from './app-files.ts'
import { readManifest } from './identity.ts'

const LOCKFILE = {
  packages: {
    '': {},
    'node_modules/ws': {},
    'node_modules/@scope/run': {},
    'node_modules/ws/node_modules/inner': {},
    'node_modules/vite': { dev: true },
    'node_modules/typescript': { devOptional: true },
    'node_modules/ws/node_modules/other': { dev: true },
  },
}

test('packages for development, or only used where they happen to be, do not run', () => {
  expect(runtimePackages(LOCKFILE)).toEqual([
    'node_modules/ws',
    'node_modules/@scope/run',
    'node_modules/ws/node_modules/inner',
  ])
})

test.each([
  ['', true],
  ['/out', true],
  ['/out/main/index.js', true],
  ['/package.json', true],
  ['/package-lock.json', false],
  ['/out-of-place.txt', false],
  ['/main/index.ts', false],
  ['/.git/config', false],
  ['/node_modules', true],
  ['/node_modules/.bin/ws', false],
  ['/node_modules/ws', true],
  ['/node_modules/ws/lib/sender.js', true],
  ['/node_modules/ws/README.md', false],
  ['/node_modules/ws/LICENSE.md', true],
  ['/node_modules/ws/types/index.js', false],
  ['/node_modules/wsx/index.js', false],
  ['/node_modules/@scope', true],
  ['/node_modules/@scope/run/index.mjs', true],
  ['/node_modules/@scope/run/index.d.mts', false],
  ['/node_modules/@scope/build/index.js', false],
  ['/node_modules/ws/node_modules', true],
  ['/node_modules/ws/node_modules/inner/index.js', true],
  ['/node_modules/ws/node_modules/other/index.js', false],
  ['/node_modules/vite/index.js', false],
  ['\\node_modules\\ws\\index.js', true],
])('%s goes in: %s', (path, goesIn) => {
  expect(createIgnore(runtimePackages(LOCKFILE))(path)).toBe(!goesIn)
})

test('the lockfile brings each dependency of package.json, and no TypeScript', () => {
  const ignore = projectIgnore()
  for (const name of Object.keys(readManifest().dependencies))
    expect(ignore(`/node_modules/${name}/index.js`)).toBe(false)
  expect(ignore('/node_modules/typescript/lib/typescript.js')).toBe(true)
  expect(ignore('/node_modules/electron/index.js')).toBe(true)
})

test('of the native builds only those of the target stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-native-'))
  try {
    const prebuilds = join(folder, 'node_modules', 'x', 'prebuilds')
    for (const target of ['linux-x64', 'linux-arm64', 'darwin-x64', 'win32-x64']) {
      mkdirSync(join(prebuilds, target), { recursive: true })
      writeFileSync(join(prebuilds, target, 'x.node'), '')
    }
    await keepNativeBuilds(folder, 'linux', 'x64')
    expect(readdirSync(prebuilds)).toEqual(['linux-x64'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the packaged package.json has no scripts and no development dependencies', () => {
  const manifest = { name: 'a', version: '1.0.0', main: 'x.js', scripts: {}, devDependencies: {}, allowScripts: {} }
  expect(trimManifest(manifest)).toEqual({
    name: 'a',
    version: '1.0.0',
    main: 'x.js',
    desktopName: 'pushscope.desktop',
  })
})
