import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeDirectory } from './make-directory.ts'

const root = mkdtempSync(join(tmpdir(), 'pushscope-test-'))
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a folder is made with those above it, and is left alone when it is there', () => {
  const deep = join(root, 'a', 'b', 'c')
  makeDirectory(deep)
  makeDirectory(deep)
  expect(existsSync(deep)).toBe(true)
})

test('a file in the way is told', () => {
  makeDirectory(root)
  writeFileSync(join(root, 'file'), '')
  expect(() => makeDirectory(join(root, 'file', 'a', 'b'))).toThrow('ENOTDIR')
  expect(() => makeDirectory(join(root, 'file'))).toThrow('EEXIST')
})

test.runIf(existsSync('/proc/self'))('a folder that takes no new ones is told at once', () => {
  expect(() => makeDirectory('/proc/nowhere/at/all')).toThrow('ENOENT')
})
