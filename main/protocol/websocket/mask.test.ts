/** Masking and the ASCII look through the mask, beside the RFC's own words for it: octet i XOR key[i mod 4]. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMaskedAscii, wordsOf } from './ascii.ts'
import { maskInto, readKey, rotateKey } from './mask.ts'

const slow = (bytes: Uint8Array, key: Uint8Array): Uint8Array => bytes.map((byte, i) => byte ^ key[i % 4]!)

const key = fc.uint8Array({ minLength: 4, maxLength: 4 })

test('masking is XOR with the repeated key, at any place and length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), key, fc.nat(9), fc.nat(9), (bytes, keyBytes, before, at) => {
      const source = new Uint8Array(before + bytes.length)
      source.set(bytes, before)
      const untouched = source.slice()
      const target = new Uint8Array(at + bytes.length + 3).fill(0xee)
      maskInto(source, before, source.length, readKey(keyBytes, 0), target, at)
      expect(target.subarray(at, at + bytes.length)).toEqual(slow(bytes, keyBytes))
      expect(target.subarray(0, at).every((byte) => byte === 0xee)).toBe(true)
      expect(target.subarray(at + bytes.length).every((byte) => byte === 0xee)).toBe(true)
      expect(source).toEqual(untouched)
    }),
  )
})

test('a payload may be unmasked in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 700 }), key, fc.nat(700), (bytes, keyBytes, cut) => {
      const at = Math.min(cut, bytes.length)
      const number = readKey(keyBytes, 0)
      const target = new Uint8Array(bytes.length)
      maskInto(bytes, 0, at, number, target, 0)
      maskInto(bytes, at, bytes.length, rotateKey(number, at), target, at)
      expect(target).toEqual(slow(bytes, keyBytes))
    }),
  )
})

test('ASCII is seen through the mask at any alignment, and so is any other byte', () => {
  const text = fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 400 })
  fc.assert(
    fc.property(text, key, fc.nat(12), fc.nat(5), fc.option(fc.nat(400)), (ascii, keyBytes, start, offset, bad) => {
      const plain = Uint8Array.from(ascii)
      if (bad !== null && bad < plain.length) plain[bad] = 0xc3
      const backing = new Uint8Array(offset + start + plain.length + 200).fill(0xff)
      const bytes = backing.subarray(offset)
      bytes.set(slow(plain, keyBytes), start)
      const wanted = plain.every((byte) => byte < 128)
      const number = readKey(keyBytes, 0)
      expect(isMaskedAscii(bytes, wordsOf(bytes), start, start + plain.length, number)).toBe(wanted)
      expect(isMaskedAscii(bytes, null, start, start + plain.length, number)).toBe(wanted)
    }),
    { numRuns: 1_000 },
  )
})
