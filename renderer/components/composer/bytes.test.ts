import { describe, expect, test } from 'vitest'
import { byteLength, parseHex } from './bytes.ts'

describe('hex as typed', () => {
  test.each([
    ['', []],
    ['48 65 6c 6c 6f', [0x48, 0x65, 0x6c, 0x6c, 0x6f]],
    ['DEADbeef', [0xde, 0xad, 0xbe, 0xef]],
    ['0x01, 0x02\n0x03', [1, 2, 3]],
    ['00:ff', [0, 255]],
  ])('%j is read', (text, bytes) => expect([...parseHex(text)!]).toEqual(bytes))

  test.each(['4', 'xyz', '12 3', 'caf\u00e9'])('%j is refused', (text) => expect(parseHex(text)).toBeNull())
})

test('length is counted in bytes of UTF-8', () => expect(byteLength('caf\u00e9')).toBe(5))
