import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createDecoder, type Decoder } from './coding.ts'

const LIMITS = { inflated: 8 * 1024 * 1024, inflateRatio: 1000 }
/** Not a multiple of anything, and larger than the inflaters' buffer. */
const TEXT = Buffer.from(Array.from({ length: 9001 }, (_, n) => `line ${n * 7919} of the text\n`).join(''))
/** Inflates to exactly the size of the inflaters' buffer. */
const EXACT = TEXT.subarray(0, 65_536)

const decoderFor = (codings: string[], limits = LIMITS): Decoder => {
  const { decoder, findings } = createDecoder(codings, limits)
  expect(findings).toEqual([])
  if (decoder === null) throw new Error('no decoder')
  return decoder
}

const decode = (decoder: Decoder, bytes: Uint8Array, size: number): Buffer => {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(decoder.decode(bytes.subarray(at, at + size)))
  pieces.push(decoder.finish())
  return Buffer.concat(pieces)
}

const CODED: [name: string, codings: string[], encode: (bytes: Uint8Array) => Uint8Array][] = [
  ['gzip', ['gzip'], gzipSync],
  ['x-gzip', ['x-gzip'], gzipSync],
  [
    'gzip in two members',
    ['gzip'],
    (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 999)), gzipSync(bytes.subarray(999))]),
  ],
  ['deflate', ['deflate'], deflateSync],
  ['deflate without its wrapping', ['deflate'], deflateRawSync],
  ['br', ['br'], brotliCompressSync],
  ['zstd', ['zstd'], zstdCompressSync],
  [
    'zstd in frames, one of them to be skipped',
    ['zstd'],
    (bytes) => {
      const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]) // RFC 8878 3.1.2
      return Buffer.concat([zstdCompressSync(bytes.subarray(0, 999)), skipped, zstdCompressSync(bytes.subarray(999))])
    },
  ],
  ['identity, then gzip', ['identity', 'gzip'], gzipSync],
  ['gzip on br', ['br', 'gzip'], (bytes) => gzipSync(brotliCompressSync(bytes))],
]

describe('codings', () => {
  test.each(CODED)('%s comes out as it went in, whole and in pieces', (_, codings, encode) => {
    for (const source of [TEXT, EXACT]) {
      const coded = encode(source)
      for (const size of [coded.length, 4096, 100, 1]) {
        const decoder = decoderFor(codings)
        expect(decode(decoder, coded, size).equals(source)).toBe(true)
        expect(decoder.takeFindings()).toEqual([])
      }
    }
  })

  test.each(CODED)('%s: nothing at all is no fault', (_, codings) => {
    const decoder = decoderFor(codings)
    expect(decode(decoder, new Uint8Array(0), 1)).toHaveLength(0)
    expect(decoder.takeFindings()).toEqual([])
  })

  test.each(CODED)('%s, cut off: what came is shown, the end is missed', (_, codings, encode) => {
    const coded = encode(TEXT)
    const decoder = decoderFor(codings)
    const text = decode(decoder, coded.subarray(0, coded.length - 5), 1000)
    expect(TEXT.subarray(0, text.length).equals(text)).toBe(true)
    expect(decoder.takeFindings()).toEqual([{ id: 'http-content-coding', note: 'the coded data is cut off' }])
  })

  test.each(CODED)('%s, corrupt: one finding, then silence', (_, codings) => {
    const decoder = decoderFor(codings)
    for (let round = 0; round < 4; round += 1) decoder.decode(Buffer.from('this is plain text, and nothing else'))
    decoder.finish()
    expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-content-coding'])
    expect(decoder.working).toBe(false)
  })

  test.each([
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('%s: bytes behind the end are a finding', (coding, encode) => {
    const decoder = decoderFor([coding])
    expect(decode(decoder, Buffer.concat([encode(EXACT), Buffer.from('more')]), 100).equals(EXACT)).toBe(true)
    expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-content-coding'])
  })

  test.each(CODED)('%s, and then garbage: the short body is shown however it is cut', (_, codings, encode) => {
    const text = 'all that was said'
    const coded = Buffer.concat([encode(Buffer.from(text)), Buffer.from('garbage')])
    for (const size of [coded.length, 7, 1]) {
      const decoder = decoderFor(codings)
      expect(decode(decoder, coded, size).toString()).toBe(text)
      expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-content-coding'])
    }
  })

  test('gzip with a wrong checksum: the text is shown', () => {
    const coded = gzipSync('all that was said')
    coded[coded.length - 6]! ^= 1
    const decoder = decoderFor(['gzip'])
    expect(decode(decoder, coded, 100).toString()).toBe('all that was said')
    expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-content-coding'])
  })

  test('events flushed one by one come out one by one', () => {
    const decoder = decoderFor(['gzip'])
    const coded = gzipSync('data: 1\n\n')
    expect(Buffer.from(decoder.decode(coded.subarray(0, -8))).toString()).toBe('data: 1\n\n')
  })
})

describe('limits', () => {
  const BOMB = Buffer.alloc(20_000_000)

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('%s that inflates to more than the limit stops there', (coding, encode) => {
    const limits = { inflated: 100_000, inflateRatio: 1e9 }
    const decoder = decoderFor([coding], limits)
    expect(decode(decoder, encode(BOMB), 50)).toHaveLength(100_000)
    expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-inflate-limit'])
    expect(decoder.decode(Buffer.from('more'))).toHaveLength(0)
  })

  test('a stream that goes on at an ordinary ratio may grow past the limit', () => {
    const events = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `data: ${(i * 7_919) % 100_003}\n\n`).join(''))
    const decoder = decoderFor(['gzip'], { inflated: 100_000, inflateRatio: 1_000 })
    expect(events.equals(decode(decoder, gzipSync(events), 1_000))).toBe(true)
    expect(decoder.takeFindings()).toEqual([])
  })

  test('a ratio over the limit stops it past the first MiB', () => {
    const decoder = decoderFor(['br'], { inflated: 1e9, inflateRatio: 100 })
    const inflated = decode(decoder, brotliCompressSync(BOMB), 1_000_000).length
    expect(inflated).toBeGreaterThan(1024 * 1024)
    expect(inflated).toBeLessThan(1024 * 1024 + 70_000)
    expect(decoder.takeFindings().map(({ id }) => id)).toEqual(['http-inflate-limit'])
  })
})

describe('refused', () => {
  test.each([
    ['an unknown coding', ['compress']],
    ['a coding named like a property', ['constructor']],
    ['codings on top of each other', ['gzip', 'gzip', 'gzip', 'gzip']],
  ])('%s', (_, codings) => {
    const { decoder, findings } = createDecoder(codings, LIMITS)
    expect(decoder).toBeNull()
    expect(findings.map(({ id }) => id)).toEqual(['http-content-coding'])
  })

  test('no coding is nothing to undo', () => {
    expect(createDecoder(['identity'], LIMITS)).toEqual({ decoder: null, findings: [] })
  })
})
