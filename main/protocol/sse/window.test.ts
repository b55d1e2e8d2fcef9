import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineEnds, loadWindow, WINDOW, windowBytes } from './window.ts'

/** The same by the plainest loop. */
function plain(source: Uint8Array): { places: number[]; ascii: boolean } {
  const places = [...source.keys()].filter((at) => [0, 10, 13].includes(source[at]!))
  return { places, ascii: source.every((byte) => byte < 0x80) }
}

function check(source: Uint8Array): void {
  const answer = loadWindow(source)
  const count = answer < 0 ? -1 - answer : answer
  expect({ places: [...lineEnds.subarray(0, count)], ascii: answer >= 0 }).toEqual(plain(source))
  expect(Buffer.compare(windowBytes.subarray(0, source.length), source)).toBe(0)
  expect(windowBytes[source.length]).toBe(0x20)
}

test.each([...Array(200).keys()])('%i bytes, whatever stood there before', (length) => {
  for (const byte of [0, 10, 13, 0x8a]) {
    windowBytes.fill(byte)
    check(new Uint8Array(length).fill(0x61))
    check(new Uint8Array(length).fill(byte))
  }
})

test.each([...Array(256).keys()])('byte %i at each place of what is looked at in one go', (byte) => {
  for (let at = 0; at < 130; at++) check(new Uint8Array(130).fill(0x20).fill(byte, at, at + 1))
})

test('a whole window, of line ends too', () => {
  check(new Uint8Array(WINDOW).fill(10))
  check(new Uint8Array(WINDOW).fill(0x61))
})

test('any bytes', () => {
  const often = fc.constantFrom(0, 9, 10, 11, 13, 14, 26, 29, 0x20, 0x61, 0x7f, 0x80, 0x8a, 0x8d, 0xff)
  fc.assert(
    fc.property(fc.array(fc.oneof(often, fc.nat(255)), { maxLength: 700 }), (all) => check(Uint8Array.from(all))),
  )
})
