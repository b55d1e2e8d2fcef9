/** Raw DEFLATE over messages: both halves against each other, against zlib's own calls, and against hostile bytes. */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contents, createAssembly } from './assembly.ts'
import { createDeflater, createInflater, type Inflater } from './deflate.ts'

const LIMITS = { inflated: 1 << 24, inflateRatio: 2_000 }

function inflate(inflater: Inflater, message: Uint8Array, step = message.length || 1): Buffer {
  const into = createAssembly()
  for (let i = 0; i < message.length; i += step) {
    expect(inflater.feed(message, i, Math.min(i + step, message.length), into)).toBe('ok')
  }
  expect(inflater.finish(into)).toBe('ok')
  return Buffer.from(contents(into))
}

/** Text that refers far back, random bytes, and nothing. */
const payload = fc.oneof(
  fc
    .array(fc.constantFrom('tick ', 'tock ', '{"seq":', '1795198451901', '\n'), { maxLength: 500 })
    .map((all) => Buffer.from(all.join(''))),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
)

test.each([8, 9, 10, 12, 15])('messages go through a window of %i bits and come out the same', (bits) => {
  fc.assert(
    fc.property(
      fc.array(payload, { maxLength: 8 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 64 }),
      (messages, takeover, step) => {
        const deflater = createDeflater(bits, takeover)
        const inflater = createInflater(bits, takeover, LIMITS)
        for (const message of messages) expect(inflate(inflater, deflater.deflate(message), step)).toEqual(message)
        deflater.dispose()
        inflater.dispose()
      },
    ),
    { numRuns: 60 },
  )
})

test('a message is what zlib makes of it, without the tail', () => {
  const message = Buffer.from('Hello')
  expect(createDeflater(15, true).deflate(message).toString('hex')).toBe('f248cdc9c90700') // RFC 7692 7.2.3.1
  expect(inflate(createInflater(15, true, LIMITS), deflateRawSync(message))).toEqual(message) // BFINAL, no padding
})

test('the window goes on with takeover, and only then', () => {
  const message = Buffer.from('Hello')
  const kept = createDeflater(15, true)
  expect([kept.deflate(message), kept.deflate(message)].map((bytes) => bytes.toString('hex'))).toEqual([
    'f248cdc9c90700',
    'f200110000', // RFC 7692 7.2.3.2
  ])
  const reset = createDeflater(15, false)
  expect(reset.deflate(message)).toEqual(reset.deflate(message))
})

test('a compressor of 8 bits never refers back further than 256 bytes', () => {
  const deflater = createDeflater(8, true)
  const inflater = createInflater(8, true, LIMITS)
  const random = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167) & 255))
  const message = Buffer.concat(Array.from({ length: 50 }, () => random))
  // A window of 8 bits in the inflater makes zlib refuse any longer distance.
  for (let i = 0; i < 3; i++) expect(inflate(inflater, deflater.deflate(message))).toEqual(message)
})

describe('hostile bytes', () => {
  test('a bomb is stopped long before it is inflated', () => {
    const bomb = createDeflater(15, true).deflate(Buffer.alloc(64 << 20))
    const into = createAssembly()
    const inflater = createInflater(15, true, { inflated: 1 << 20, inflateRatio: 2_000 })
    expect(inflater.feed(bomb, 0, bomb.length, into)).toBe('limit')
    expect(into.buffer.length).toBeLessThan(4 << 20)
    expect(inflater.broken).toBe(true)
    expect(inflater.feed(bomb, 0, bomb.length, into)).toBe('corrupt')
  })

  test('any bytes are inflated, or refused, and never throw or hang', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), fc.boolean(), (messages, takeover) => {
        const inflater = createInflater(15, takeover, { inflated: 1 << 20, inflateRatio: 2_000 })
        for (const message of messages) {
          const into = createAssembly()
          const status = inflater.feed(message, 0, message.length, into)
          if (status === 'ok') inflater.finish(into)
          expect(into.length).toBeLessThan(2 << 20)
        }
        expect(takeover || !inflater.broken).toBe(true)
        inflater.dispose()
      }),
      { numRuns: 500 },
    )
  })

  test('agrees with zlib on what can be inflated', () => {
    const message = deflateRawSync(Buffer.from('abc'.repeat(100)))
    for (let i = 0; i < message.length; i++) {
      const broken = Buffer.from(message)
      broken[i] = broken[i]! ^ 0xff
      let wanted: Buffer | null = null
      try {
        wanted = inflateRawSync(broken, { finishFlush: constants.Z_SYNC_FLUSH })
      } catch {
        // refused
      }
      const into = createAssembly()
      const status = createInflater(15, false, LIMITS).feed(broken, 0, broken.length, into)
      if (wanted) expect(contents(into).subarray(0, wanted.length)).toEqual(wanted)
      else expect(status).toBe('corrupt')
    }
  })
})
