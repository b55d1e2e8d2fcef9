import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ICNS_TYPES, ICO_SIZES, createIcns, createIco, pngSize } from './icon-containers.ts'
import { ICONS, MARK, PNG_SIZES } from './icon-files.ts'

const icon = (name: string): Buffer => readFileSync(join(ICONS, name))

test('the icons are of the mark as it is now; `npm run icons` draws them anew', () => {
  expect(icon('pushscope.svg').equals(readFileSync(MARK))).toBe(true)
})

test.each(PNG_SIZES)('%i.png is that many pixels on each side', (size) => {
  expect(pngSize(icon(`${size}.png`))).toEqual({ width: size, height: size })
})

test('the .ico holds a PNG of each size where its directory says', () => {
  const ico = icon('pushscope.ico')
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, ICO_SIZES.length])
  let end = 6 + 16 * ICO_SIZES.length
  for (const [index, size] of ICO_SIZES.entries()) {
    const entry = 6 + 16 * index
    const [length, offset] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)]
    expect([ico[entry] || 256, ico[entry + 1] || 256]).toEqual([size, size])
    expect(offset).toBe(end)
    expect(ico.subarray(offset, offset + length).equals(icon(`${size}.png`))).toBe(true)
    end = offset + length
  }
  expect(ico.length).toBe(end)
})

test('the .icns holds a PNG of the right size under each type', () => {
  const icns = icon('pushscope.icns')
  expect(icns.toString('latin1', 0, 4)).toBe('icns')
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  let at = 8
  for (const [type, size] of ICNS_TYPES) {
    const length = icns.readUInt32BE(at + 4)
    expect(icns.toString('latin1', at, at + 4)).toBe(type)
    expect(pngSize(icns.subarray(at + 8, at + length))).toEqual({ width: size, height: size })
    at += length
  }
  expect(at).toBe(icns.length)
})

test('a container without one of its sizes is not made', () => {
  expect(() => createIco([])).toThrow('There is no image of 16 pixels.')
  expect(() => createIcns([{ size: 16, png: new Uint8Array() }])).toThrow('There is no image of 32 pixels.')
})

test('what is no PNG has no size', () => {
  expect(pngSize(Buffer.from('GIF89a and then some more bytes'))).toBeNull()
})
