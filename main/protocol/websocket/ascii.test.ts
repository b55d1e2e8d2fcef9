import { describe, expect, test } from 'vitest'
import { isMaskedAscii, wordsOf } from './ascii.ts'

const BUFFER = 512
const LENGTHS = [0, 1, 2, 3, 5, 15, 16, 17, 18, 19, 20, 31, 33, 64, 65, 66, 67, 80, 127, 200]
const KEYS = [0, 0x04030201, 0x7f017f01, 0xfa21fd37 | 0]

/** A payload inside a buffer that is full of high bytes around it; `cut` bytes short of whole words at its end. */
function laid(offset: number, length: number, key: number, cut: number): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(BUFFER - cut)).fill(0xff)
  for (let i = 0; i < length; i++) bytes[offset + i] = ((i * 7) & 0x7f) ^ ((key >>> ((i & 3) * 8)) & 0xff)
  return bytes
}

describe.each(KEYS)('masked with %i', (key) => {
  test('ASCII at every place of a word, and one high byte at each place of it', () => {
    for (const length of LENGTHS)
      for (let offset = 0; offset < 8; offset++) {
        const bytes = laid(offset, length, key, 0)
        const words = wordsOf(bytes)
        expect(isMaskedAscii(bytes, words, offset, offset + length, key), `${length} at ${offset}`).toBe(true)
        for (let i = 0; i < length; i++) {
          bytes[offset + i]! ^= 0x80
          expect(isMaskedAscii(bytes, words, offset, offset + length, key), `${i} of ${length} at ${offset}`).toBe(
            false,
          )
          bytes[offset + i]! ^= 0x80
        }
      }
  })

  test('up to the end of a buffer that is no whole number of words, and in a part of one', () => {
    for (let cut = 0; cut < 4; cut++)
      for (const length of LENGTHS) {
        const end = BUFFER - cut
        const bytes = laid(end - length, length, key, cut)
        expect(isMaskedAscii(bytes, wordsOf(bytes), end - length, end, key)).toBe(true)
        const part = bytes.subarray(101)
        expect(isMaskedAscii(part, wordsOf(part), part.length - length, part.length, key)).toBe(true)
        if (length === 0) continue
        bytes[end - 1]! ^= 0x80
        expect(isMaskedAscii(bytes, wordsOf(bytes), end - length, end, key)).toBe(false)
        expect(isMaskedAscii(part, wordsOf(part), part.length - length, part.length, key)).toBe(false)
      }
  })
})
