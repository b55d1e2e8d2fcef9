import { Linter } from 'eslint'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../child.ts'

const LAUNCHER = join(ROOT, 'main', 'cli', 'launcher.cjs')

test.each(['10.24.1', '18.20.0', '20.20.2', '22.12.0'])('Node %s is refused with a sentence', (version) => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-launcher-'))
  try {
    const disguise = join(folder, 'disguise.cjs')
    const versions = JSON.stringify({ ...process.versions, node: version })
    writeFileSync(disguise, `Object.defineProperty(process, 'versions', { value: ${versions} })`)
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', disguise, LAUNCHER, '--version'], {
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: `Pushscope needs Node 24 or newer; this is Node ${version}.\n`,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('it is the JavaScript of 2009, which every Node reads', () => {
  const languageOptions = { ecmaVersion: 5, sourceType: 'commonjs' } as const
  expect(new Linter().verify(readFileSync(LAUNCHER, 'utf8'), { languageOptions })).toEqual([])
  expect(new Linter().verify('const x = () => `${1}`', { languageOptions })).not.toEqual([])
})
