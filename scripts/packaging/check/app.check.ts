/** The packaged application: what its asar holds, that it is what was built, its fuses. */
import { extractAll, getRawHeader, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { ROOT } from '../../child.ts'
import { FUSES } from '../fuses.ts'
import { electronVersion, readManifest } from '../identity.ts'
import { listFiles } from '../linux-tree.ts'
import { runForge } from './made.ts'
import { needs } from './needs.ts'
import { captureFromOwnServers } from './runs-alone.ts'

const app = inject('app')
const asar = join(app, 'resources', 'app.asar')
const LARGEST = 6 * 1_024 * 1_024 // bytes

/** `node_modules/ws`, `out/main`, `package.json` */
function roomOf(path: string): string {
  const [first, second, third] = path.split('/').filter(Boolean)
  if (first === 'out') return `out/${second}`
  if (first !== 'node_modules') return first!
  return second!.startsWith('@') ? `${first}/${second}/${third}` : `${first}/${second}`
}

async function withExtracted(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-asar-'))
  try {
    extractAll(asar, folder)
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

needs()('Electron comes from the disk, and what was not checked is said', () => {
  expect(inject('output')).toContain(`version ${electronVersion()} for linux ${process.arch}. There are no checksums`)
})

needs()('the asar holds what was built and what it needs to run, nothing else', async () => {
  await withExtracted(async (folder) => {
    const sizes = new Map<string, number>()
    for (const file of await listFiles(folder))
      sizes.set(roomOf(file), (sizes.get(roomOf(file)) ?? 0) + statSync(join(folder, file)).size)
    const rows = [...sizes].map(([room, size]) => `${String(size).padStart(9)}  ${room}`)
    process.stdout.write(`app.asar, ${statSync(asar).size} bytes\n${rows.join('\n')}\n`)
    expect([...sizes.keys()].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'node_modules/birpc',
      'node_modules/bufferutil',
      'node_modules/eventsource',
      'node_modules/eventsource-parser',
      'node_modules/node-gyp-build',
      'node_modules/undici',
      'node_modules/valibot',
      'node_modules/ws',
      'out/main',
      'out/preload',
      'out/renderer',
      'package.json',
    ])
  })
  expect(statSync(asar).size).toBeLessThan(LARGEST)
  expect(
    listPackage(asar, { isPack: false }).filter((path) => /\.(ts|map|md)$/.test(path) && !/LICEN|CHANGELOG/.test(path)),
  ).toEqual([])
})

needs()('main, preload and renderer in it are the built ones, byte for byte', async () => {
  await withExtracted(async (folder) => {
    const built = await listFiles(join(ROOT, 'out'))
    expect(await listFiles(join(folder, 'out'))).toEqual(built)
    for (const entry of ['main/index.js', 'main/engine.js', 'preload/index.cjs', 'renderer/index.html'])
      expect(built).toContain(entry)
    for (const file of built)
      expect(readFileSync(join(folder, 'out', file)).equals(readFileSync(join(ROOT, 'out', file)))).toBe(true)
  })
})

needs()('its package.json starts main and says nothing of development', async () => {
  await withExtracted(async (folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(manifest).toMatchObject({ name: 'pushscope', main: 'out/main/index.js', type: 'module' })
    expect(manifest['version']).toBe(readManifest().version)
    for (const key of ['devDependencies', 'scripts', 'allowScripts', 'files']) expect(manifest).not.toHaveProperty(key)
  })
})

needs()('native code lies beside it, for this system alone, and the asar knows', async () => {
  const target = `linux-${process.arch}`
  const native = readManifest().dependencies['bufferutil'] && process.arch === 'x64' ? ['bufferutil.node'] : []
  const expected = native.map((name) => `node_modules/bufferutil/prebuilds/${target}/${name}`)
  if (expected.length > 0) expect(await listFiles(`${asar}.unpacked`)).toEqual(expected)
  for (const path of expected) expect(getRawHeader(asar).headerString).toContain(path.split('/').at(-1))
})

needs()('the engine in it runs away from the source tree: it serves, captures and dissects', async () => {
  await withExtracted(async (folder) => {
    const kinds = await captureFromOwnServers([process.execPath, join(folder, 'out', 'main', 'cli.js')], folder)
    expect(Object.keys(kinds).sort()).toEqual([
      'iframe-stream',
      'long-polling',
      'polling',
      'sse',
      'websocket library',
      'websocket raw',
    ])
    expect(kinds['websocket raw']).toContain('ws-frame')
    expect(kinds['sse']).toContain('sse-event')
    expect(kinds['polling']).toContain('poll')
  })
})

needs()('every fuse is as decided', async () => {
  const wire = await getCurrentFuseWire(join(app, 'pushscope'))
  const state = (on: boolean): number => (on ? 0x31 : 0x30) // '1', '0'
  for (const fuse of Object.values(FuseV1Options).filter((one) => typeof one === 'number'))
    expect([FuseV1Options[fuse], wire[fuse]]).toEqual([FuseV1Options[fuse], state(FUSES[fuse])])
})

needs()('a fuse that nobody decided on fails the build', async () => {
  const packaging = runForge('package', { fuses: '1011000111' })
  await expect(packaging).rejects.toThrow('strictlyRequireAllFuses: The fuse wire in the Electron binary has 10 fuses')
})

needs()('an Electron of another version is refused with a sentence', async () => {
  const packaging = runForge('package', { version: '1.2.3' })
  await expect(packaging).rejects.toThrow(`holds Electron 1.2.3, and Pushscope needs ${electronVersion()}.`)
})
