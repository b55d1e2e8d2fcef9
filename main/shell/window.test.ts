import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBoundsFile, fitBounds, wasMaximized, windowOptions } from './window.ts'

test('the page is locked in: isolated, sandboxed, without Node, without webviews', () => {
  const options = windowOptions({ preload: '/preload.cjs', bounds: { width: 1000, height: 700 }, dark: true })
  expect(options.webPreferences).toMatchObject({
    preload: '/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
  })
  expect(options).toMatchObject({ width: 1000, height: 700, show: false, backgroundColor: '#0e1116' })
})

const screens = [
  { x: 0, y: 25, width: 1920, height: 1055 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
]

test.each([
  ['nothing', null, { width: 1360, height: 860 }],
  ['rubbish', { x: '1', y: 2, width: 3, height: 4 }, { width: 1360, height: 860 }],
  ['numbers that are none', { x: NaN, y: 0, width: 1e999, height: 4 }, { width: 1360, height: 860 }],
  ['the first screen', at(10, 30, 1000, 700), at(10, 30, 1000, 700)],
  ['the second screen', at(2000, 30, 1000, 700), at(2000, 30, 1000, 700)],
  ['a screen that is gone', at(4000, 30, 1000, 700), { width: 1000, height: 700 }],
  ['above the screens', at(10, -300, 1000, 700), { width: 1000, height: 700 }],
  ['a sliver at the right edge', at(3150, 30, 1000, 700), { width: 1000, height: 700 }],
  ['too small', at(10, 30, 5, 5), at(10, 30, 900, 560)],
  ['larger than any screen', at(0, 25, 9000, 9000), at(0, 25, 1920, 1055)],
])('remembered %s becomes bounds that can be seen', (_name, saved, fitted) => {
  expect(fitBounds(saved, screens)).toEqual(fitted)
})

function at(x: number, y: number, width: number, height: number) {
  return { x, y, width, height }
}

test('bounds survive a restart; a damaged file is set aside, an unwritable one is no trouble', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-window-'))
  const file = createBoundsFile(join(folder, 'window.json'))
  expect(file.read()).toBe(null)
  expect(wasMaximized(file.read())).toBe(false)
  file.write(at(1, 2, 1000, 700), true)
  expect(file.read()).toEqual({ ...at(1, 2, 1000, 700), maximized: true })
  expect([wasMaximized(file.read()), fitBounds(file.read(), screens)]).toEqual([true, { width: 1000, height: 700 }])
  writeFileSync(join(folder, 'window.json'), '{"x":')
  expect(file.read()).toBe(null)
  expect(readdirSync(folder)).toEqual(['window.json.damaged'])
  expect(readFileSync(join(folder, 'window.json.damaged'), 'utf8')).toBe('{"x":')
  createBoundsFile(join(folder, 'none', 'window.json')).write(at(1, 2, 3, 4), false)
  rmSync(folder, { recursive: true })
})
