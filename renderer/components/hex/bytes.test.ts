import { describe, expect, test } from 'vitest'
import { asciiByte, decodeUtf8, fromBase64, joinBytes, toBase64, toHex, unfinishedTail } from './bytes.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('bytes as text', () => {
  test('base64 of every byte value comes back as it was, also past one block', () => {
    const all = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256)
    expect(fromBase64(toBase64(all))).toEqual(all)
  })

  test('what is not base64 gives no bytes', () => expect(fromBase64('*')).toHaveLength(0))

  test('hex is two digits a byte', () => expect(toHex(bytes(0x37, 0xfa, 0x01))).toBe('37 fa 01'))

  test.each([
    [0x1f, '.'],
    [0x20, ' '],
    [0x7e, '~'],
    [0x7f, '.'],
    [0xe9, '.'],
  ])('byte %i stands as "%s" in the text column', (byte, text) => expect(asciiByte(byte)).toBe(text))

  test('joined parts keep their order', () =>
    expect(joinBytes([bytes(1, 2), bytes(), bytes(3)])).toEqual(bytes(1, 2, 3)))
})

describe('UTF-8 in parts', () => {
  test.each([
    ['ASCII', [0x61], 0],
    ['a complete é', [0xc3, 0xa9], 0],
    ['the first byte of é', [0x61, 0xc3], 1],
    ['two bytes of €', [0xe2, 0x82], 2],
    ['a complete €', [0xe2, 0x82, 0xac], 0],
    ['three bytes of 😀', [0xf0, 0x9f, 0x98], 3],
    ['a complete 😀', [0xf0, 0x9f, 0x98, 0x80], 0],
    ['continuation bytes alone', [0x80, 0x80, 0x80, 0x80], 0],
    ['nothing', [], 0],
  ])('after %s, the unfinished tail is counted', (_, values, tail) =>
    expect(unfinishedTail(bytes(...values))).toBe(tail),
  )

  test('a cut character is left out of a part and wrong in the whole', () => {
    const cut = bytes(0x61, 0xe2, 0x82)
    expect(decodeUtf8(cut, true)).toEqual({ text: 'a', valid: true })
    expect(decodeUtf8(cut)).toEqual({ text: 'a\ufffd', valid: false })
  })

  test('a byte order mark is kept', () => expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf)).text).toBe('\ufeff'))
})
