/** Newer npm runs no install script that package.json does not allow: what ours do is needed, on one system or another. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../child.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))

test('node fetches Node, bufferutil finds its build, electron-winstaller picks the 7-Zip that Squirrel runs', () => {
  const { packages } = read('package-lock.json') as { packages: Record<string, { hasInstallScript?: boolean }> }
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> }
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  expect(allowScripts).toEqual(Object.fromEntries(scripted.map((name) => [name, true])))
})
