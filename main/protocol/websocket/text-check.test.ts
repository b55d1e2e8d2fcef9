import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from './ascii.ts'
import { maskInto } from './mask.ts'
import { checkText } from './text-check.ts'
import { COMPLETE, utf8Feed } from './utf8.ts'

/** Some way into a larger buffer, as a frame's payload lies in a chunk. */
function placed(payload: Uint8Array, key: number, before: number): { bytes: Buffer; start: number; end: number } {
  const bytes = Buffer.alloc(before + payload.length + 3, 0xff)
  maskInto(payload, 0, payload.length, key, bytes, before)
  return { bytes, start: before, end: before + payload.length }
}

function check(payload: Uint8Array, key: number, before: number, state: number = COMPLETE): void {
  const { bytes, start, end } = placed(payload, key, before)
  const words = wordsOf(bytes)
  const copy = Buffer.from(bytes)
  const wanted = utf8Feed(state, payload, 0, payload.length)
  expect(checkText(state, bytes, words, start, end, key)).toBe(wanted)
  expect(bytes.equals(copy)).toBe(true)
}

// Around each length at which another way is the cheapest.
const LENGTHS = [0, 1, 15, 16, 17, 31, 95, 96, 97, 111, 112, 113, 191, 192, 2047, 2048, 2049, 65_535, 65_536, 70_001]
const TEXTS = ['plain ASCII. ', 'größer als дом 漢字 🎈, ']

test.each(LENGTHS.flatMap((length) => TEXTS.map((text) => [length, text] as const)))(
  '%i bytes of %s: whole, with a wrong byte, and going on from before',
  (length, text) => {
    const long = Buffer.from(text.repeat(Math.ceil(length / text.length) + 2))
    for (const key of [0, 0x12345678, -1, 0x80]) {
      for (const before of [0, 1, 6, 14]) {
        check(long.subarray(0, length), key, before)
        check(long.subarray(1, length + 1), key, before)
        check(long.subarray(0, length), key, before, 1)
      }
      for (const at of [0, length >> 1, length - 1]) {
        const wrong = Buffer.from(long.subarray(0, length))
        if (at >= 0 && length > 0) wrong[at] = 0xff
        check(wrong, key, 6)
      }
    }
  },
)

test('any bytes, any key, any place', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 900 }).map((text) => Buffer.from(text)),
  )
  const key = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  fc.assert(fc.property(bytes, key, fc.nat(9), (payload, mask, before) => check(payload, mask, before)))
})
