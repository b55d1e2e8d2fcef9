/** The README's answer to Electron's security checklist: every item is there, and every test it names exists. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './child.ts'
import { currentReadme } from './readme.ts'

const ITEMS = 20

const table = /<!-- checklist -->([^]*)<!-- \/checklist -->/.exec(currentReadme())?.[1] ?? ''
const rows = table
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, item = '', here = '', shown = '']) => ({
    item,
    here,
    files: [...shown.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
  }))

test('every item of the checklist has its row, in order', () => {
  expect(rows.map(({ item }) => Number.parseInt(item))).toEqual(Array.from({ length: ITEMS }, (_, i) => i + 1))
})

test.each(rows)('$item says what is done and which test shows it', ({ here, files }) => {
  expect(here).not.toBe('')
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(existsSync(join(ROOT, file)), file).toBe(true)
    expect(readFileSync(join(ROOT, file), 'utf8'), file).toMatch(/expect\(/)
  }
})

test('other tests that the section names exist', () => {
  const section = /\n## Security\n([^]*?)\n## /.exec(currentReadme())?.[1] ?? ''
  const named = [...section.matchAll(/`([\w./-]+\.(?:spec|test|check)\.ts)`/g)].map(([, file]) => file!)
  expect(named).toContain('e2e/specs/secrets.spec.ts')
  for (const file of named) expect(existsSync(join(ROOT, file)), file).toBe(true)
})

const sources = globSync('{main,preload,renderer}/**/*.{ts,vue,html}', { cwd: ROOT }).filter(
  (file) => !/\.test\.ts$/.test(file),
)

test.each(['enableBlinkFeatures', 'allowpopups', '<webview', 'nodeIntegration: true', 'webSecurity: false'])(
  'no source says %s',
  (words) => {
    expect(sources).toContain(join('main', 'shell', 'window.ts'))
    expect(sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(words))).toEqual([])
  },
)

test('Electron is pinned to one version', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/)
})
