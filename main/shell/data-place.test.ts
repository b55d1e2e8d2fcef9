import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { placeData } from './data-place.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushscope-place-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function place(directory: string, switches: readonly string[] = []): string[][] {
  const paths: string[][] = []
  const commandLine = { hasSwitch: (name: string) => switches.includes(name) }
  placeData({ commandLine, setPath: (...path) => void paths.push(path) }, directory)
  return paths
}

test('the data directory of all hosts is made, for its owner alone, and used', () => {
  const directory = join(folder, 'share', 'pushscope')
  expect(place(directory)).toEqual([['userData', directory]])
  if (process.platform !== 'win32') expect(statSync(directory).mode & 0o777).toBe(0o700)
})

test('a directory that was asked for is left alone, and one that cannot be made is no fault', () => {
  expect(place(join(folder, 'other'), ['user-data-dir'])).toEqual([])
  writeFileSync(folder, '') // a file where a folder should be
  expect(place(join(folder, 'other'))).toEqual([])
})
