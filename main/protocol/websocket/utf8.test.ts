/** UTF-8 as it streams, beside the platform's own check. */
import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COMPLETE, REJECTED, isText, utf8ErrorAt, utf8Feed, utf8Step } from './utf8.ts'

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

describe('the first bad byte', () => {
  // Offsets as in the table of RFC 3629 4 and the boundary cases of Markus Kuhn's stress test.
  test.each([
    ['a continuation first', '80', 0],
    ['an overlong slash in two bytes', 'c0af', 0],
    ['c1', 'c1bf', 0],
    ['an overlong slash in three bytes', 'e080af', 1],
    ['an overlong slash in four bytes', 'f08080af', 1],
    ['five bytes', 'f8888080', 0],
    ['fe', 'fe', 0],
    ['a high surrogate', 'eda080', 1],
    ['above U+10FFFF', 'f4908080', 1],
    ['f5', 'f5808080', 0],
    ['two bytes cut by ASCII', 'c341', 1],
    ['four bytes cut by ASCII', 'f09f9841', 3],
    ['a lone continuation after text', '6161bf', 2],
  ])('%s', (_name, bytes, at) => {
    expect(utf8ErrorAt(hex(bytes))).toBe(at)
    // Told there, and not before: all bytes before it are accepted.
    let state: number = COMPLETE
    for (let i = 0; i <= at; i++) {
      expect(state).not.toBe(REJECTED)
      state = utf8Step(state, hex(bytes)[i]!)
    }
    expect(state).toBe(REJECTED)
  })

  test.each(['', '00', '7f', 'c280', 'dfbf', 'e0a080', 'ed9fbf', 'ee8080', 'efbfbf', 'f0908080', 'f48fbfbf'])(
    '%s is valid',
    (bytes) => {
      expect(utf8ErrorAt(hex(bytes))).toBe(-1)
      expect(isText(hex(bytes))).toBe(true)
    },
  )
})

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => new Uint8Array(Buffer.from(text, 'utf8'))),
  // Valid text with one byte changed.
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), fc.nat(), fc.nat(255))
    .map(([text, at, byte]) => {
      const changed = Buffer.from(text, 'utf8')
      changed[at % changed.length] = byte
      return new Uint8Array(changed)
    }),
)

test('any bytes, cut anywhere, are judged as the platform judges them', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(200), { maxLength: 5 }), (all, cuts) => {
      const points = [0, ...cuts.filter((at) => at < all.length).sort((a, b) => a - b), all.length]
      let state: number = COMPLETE
      for (let i = 1; i < points.length; i++) state = utf8Feed(state, all, points[i - 1]!, points[i]!)
      expect(state === COMPLETE).toBe(isUtf8(all))
      const wrong = utf8ErrorAt(all)
      expect(wrong >= 0).toBe(state === REJECTED)
    }),
    { numRuns: 2_000 },
  )
})
