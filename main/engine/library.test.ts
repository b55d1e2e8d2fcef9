import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createLibrary } from './library.ts'

const directories: string[] = []
const temporary = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-test-'))
  directories.push(directory)
  return directory
}
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })))

test('ids sort by age, files that are no captures are not listed, removal takes the companions too', () => {
  const library = createLibrary(temporary())
  const older = library.newId(new Date('2026-01-01T00:00:00Z'))
  const newer = library.newId(new Date('2026-01-01T00:00:01Z'))
  for (const id of [older, newer]) writeFileSync(library.file(id), '')
  writeFileSync(`${library.file(older)}-wal`, '')
  writeFileSync(join(library.directory, 'readme.txt'), '')
  expect(library.ids()).toEqual([newer, older])
  library.remove(older)
  expect(library.ids()).toEqual([newer])
})

test.skipIf(process.platform === 'win32')('a data directory that is made is for its owner alone', () => {
  const { directory } = createLibrary(join(temporary(), 'share', 'pushscope'))
  expect(statSync(directory).mode & 0o777).toBe(0o700)
})

test('a data directory that cannot be written is replaced by a temporary one, with a sentence', () => {
  const file = join(temporary(), 'file')
  writeFileSync(file, '') // a file where the directory should be: fails for root too
  const library = createLibrary(file)
  directories.push(library.directory)
  expect(library.warning).toContain('cannot be written')
  expect(library.directory).not.toContain(file)
  expect(library.ids()).toEqual([])
})
