import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createStandIn } from './check/stand-in.ts'
import { findElectronDist, requireTarget } from './electron-dist.ts'
import { hasTool } from './run-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushscope-dist-'))
afterAll(() => rmSync(folder, { recursive: true }))

const BYTES = Buffer.from('in place of a distribution')
const OFFICIAL = 'electron-v45.0.0-linux-x64.zip'
const options = {
  scratch: folder,
  version: '45.0.0',
  checksums: {
    [OFFICIAL]: createHash('sha256').update(BYTES).digest('hex'),
    'electron-v45.0.0-win32-x64.zip': '00',
    'chromedriver-v45.0.0-linux-x64.zip': createHash('sha256').update('the driver').digest('hex'),
  },
}

function place(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

test('without the variable Electron is fetched', async () => {
  expect(await findElectronDist(undefined, options)).toBeNull()
  expect(await findElectronDist('', options)).toBeNull()
})

test.each(['downloaded.zip', OFFICIAL])('the official zip is known by its bytes, here named %s', async (name) => {
  const given = place(`zips/${name}`, BYTES)
  const dist = await findElectronDist(given, options)
  expect(dist?.zip).toBe(OFFICIAL)
  expect(readFileSync(join(dist!.folder, OFFICIAL)).equals(BYTES)).toBe(true)
  expect(dist?.sentence).toContain(`it is the official ${OFFICIAL}`)
})

test('a folder that holds the official zip is as good as the zip', async () => {
  const given = place(`with-zip/${OFFICIAL}`, BYTES)
  expect((await findElectronDist(join(given, '..'), options))?.zip).toBe(OFFICIAL)
})

test.each([
  ['a changed zip', () => place(OFFICIAL, `${BYTES.toString()}!`), 'is no official distribution of Electron 45.0.0'],
  ['another file of the release', () => place('driver.zip', 'the driver'), 'is no official distribution'],
  ['nothing', () => join(folder, 'nowhere'), 'nowhere, which does not exist.'],
  ['an empty folder', () => join(place('empty/x/y', ''), '..', '..'), 'holds no Electron'],
  [
    'a folder with a script for an executable',
    () => join(place('script/electron', '#!/bin/sh'), '..'),
    'is no executable',
  ],
])('%s is refused with a sentence', async (_, given, sentence) => {
  await expect(findElectronDist(given(), options)).rejects.toThrow(sentence)
})

test('a distribution for another system or processor is refused before anything is packaged', () => {
  const dist = { zip: OFFICIAL }
  expect(() => requireTarget(dist, 'linux', 'x64')).not.toThrow()
  expect(() => requireTarget(dist, 'linux', 'arm64')).toThrow(
    'is electron-v45.0.0-linux-x64, and what is to be packaged is for linux arm64;',
  )
  expect(() => requireTarget(dist, 'linux', 'x64,arm64')).toThrow('for linux arm64;')
  expect(() => requireTarget(dist, 'win32', 'x64')).toThrow('for win32 x64;')
})

test('two distributions in one folder are one too many', async () => {
  const one = place(`two/${OFFICIAL}`, BYTES)
  copyFileSync(one, join(one, '..', 'electron-v45.0.0-win32-x64.zip'))
  await expect(findElectronDist(join(one, '..'), options)).rejects.toThrow('holds several distributions')
})

test.skipIf(process.platform !== 'linux')('an unpacked folder of another version is refused', async () => {
  const given = join(folder, 'old')
  createStandIn(given, { version: 'v44.1.0' })
  await expect(findElectronDist(given, options)).rejects.toThrow('holds Electron 44.1.0, and Pushscope needs 45.0.0.')
})

test.skipIf(process.platform !== 'linux' || !hasTool('zip'))(
  'an unpacked folder is used, and what was not checked is said',
  async () => {
    const given = join(folder, 'unpacked')
    createStandIn(given, { version: '45.0.0' })
    const dist = await findElectronDist(given, options)
    expect(dist?.zip).toBe(`electron-v45.0.0-linux-${process.arch}.zip`)
    expect(existsSync(join(dist!.folder, dist!.zip))).toBe(true)
    expect(dist?.sentence).toContain('was not checked')
  },
)
