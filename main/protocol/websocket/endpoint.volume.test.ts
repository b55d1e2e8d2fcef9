/**
 * What groups 9, 12 and 13 of the Autobahn test suite are about, for an endpoint of either role that echoes: large
 * messages, whole, in fragments and in chops; many messages; each compression that can be agreed on. The peer uses
 * zlib's documented calls with exactly the agreed window, so it cannot read what breaks the agreement.
 */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'
import { readFrame, unmaskedPayload } from './decode.ts'
import { createEndpoint, type Endpoint } from './endpoint.ts'
import { DEFLATE_OFFER, acceptDeflate, readDeflateAnswer, type DeflateParameters } from './extensions.ts'
import { encodeFrame } from './frame.ts'
import { splitFrames } from './testing/talk.ts'

type Role = 'client' | 'server'
interface Message {
  isText: boolean
  bytes: Buffer
}

const KiB = 1_024
const MiB = 1_024 * KiB
const TAIL = Buffer.from([0, 0, 255, 255])

/** Text as a feed sends it, with characters of one to four bytes, and bytes that no compressor makes smaller; twice. */
const FEED = Buffer.from(
  Array.from({ length: 8_000 }, (_, i) => `{"seq":${i},"price":${(i * 7_919) % 100_003},"who":"Größe € 𝄞"}`)
    .join('')
    .repeat(2),
)
const NOISE = ((): Buffer => {
  const bytes = Buffer.alloc(256 * KiB)
  for (let i = 0, x = 1; i < bytes.length; i++) bytes[i] = (x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0) >>> 24
  return Buffer.concat([bytes, bytes])
})()

/** `size` bytes, the `i`th of such; text begins and ends between characters, so it may be up to three bytes longer. */
function messageOf(isText: boolean, size: number, i = 0): Message {
  const source = isText ? FEED : NOISE
  const boundary = (at: number): number => {
    while (isText && (source[at]! & 0xc0) === 0x80) at++
    return at
  }
  const start = (i * size) % (source.length / 2)
  return { isText, bytes: source.subarray(boundary(start), boundary(start + size)) }
}

/** One side's messages with the window that was agreed on, by zlib's own calls, each anew. */
function createCodec(bits: number, takeover: boolean) {
  let window = Buffer.alloc(0)
  const run = (call: typeof inflateRawSync, input: Uint8Array, windowBits: number): Buffer =>
    call(input, {
      windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(takeover && window.length > 0 ? { dictionary: window } : {}),
    })
  const seen = (bytes: Buffer): Buffer => {
    window = Buffer.concat([window, bytes]).subarray(-(1 << bits))
    return bytes
  }
  return {
    deflate(bytes: Buffer): Buffer {
      // zlib has no raw stream of 8 bits; with 9 it stays within 250 bytes
      const deflated = run(deflateRawSync, bytes, Math.max(9, bits)).subarray(0, -TAIL.length)
      seen(bytes)
      return deflated
    },
    inflate: (bytes: Uint8Array): Buffer => seen(run(inflateRawSync, Buffer.concat([bytes, TAIL]), bits)),
  }
}

/** An endpoint that echoes, and its peer. */
function createEcho(role: Role, deflate: DeflateParameters | null = null) {
  let written: Uint8Array[] = []
  const trouble: string[] = []
  const endpoint: Endpoint = createEndpoint({
    role,
    agreement: { deflate },
    limits: DEFAULT_LIMITS,
    maskKey: () => 0x3d21fa37,
    actions: {
      write: (bytes) => written.push(bytes),
      message: (payload, isText) => void endpoint.sendMessage(payload, isText),
      closed: () => undefined,
      failed: (code, why) => trouble.push(`${code} ${why}`),
      finish: () => undefined,
    },
  })
  const client = deflate && createCodec(deflate.clientMaxWindowBits, !deflate.clientNoContextTakeover)
  const server = deflate && createCodec(deflate.serverMaxWindowBits, !deflate.serverNoContextTakeover)
  const [ours, theirs] = role === 'server' ? [server, client] : [client, server]

  /** As the peer sends it, in frames of at most `step` bytes. */
  const wire = ({ isText, bytes }: Message, step = Infinity): Buffer => {
    const payload = theirs ? theirs.deflate(bytes) : bytes
    const frames: Buffer[] = []
    for (let at = 0; at === 0 || at < payload.length; at += step) {
      const fin = at + step >= payload.length
      const part = fin ? payload.subarray(at) : payload.subarray(at, at + step)
      const rsv = theirs && at === 0 ? 4 : 0
      const key = role === 'server' ? { key: 0x77aa01 } : {}
      frames.push(encodeFrame({ opcode: at > 0 ? 0 : isText ? 1 : 2, payload: part, fin, rsv, ...key }))
    }
    return Buffer.concat(frames)
  }

  /** What came back since the last time. */
  const heard = (): Message[] => {
    const frames = splitFrames(Buffer.concat(written))
    written = []
    return frames.map((frame) => {
      const payload = unmaskedPayload(frame)
      return { isText: readFrame(frame).opcode === 1, bytes: ours ? ours.inflate(payload) : Buffer.from(payload) }
    })
  }

  const expectEcho = ({ isText, bytes }: Message): void => {
    expect(trouble).toEqual([])
    const back = heard()
    expect(back.map((one) => [one.isText, one.bytes.length])).toEqual([[isText, bytes.length]])
    expect(back[0]!.bytes.equals(bytes)).toBe(true)
  }
  return { endpoint, wire, expectEcho }
}

/** Offers and answers; what the suite tries, and a window of 8 bits. */
const NEGOTIATIONS: readonly [offer: string, answer: string][] = [
  [DEFLATE_OFFER, ''],
  ['permessage-deflate; server_no_context_takeover', '; server_no_context_takeover'],
  ['permessage-deflate; client_no_context_takeover', '; client_no_context_takeover'],
  ['permessage-deflate; server_max_window_bits=9', '; server_max_window_bits=9'],
  [
    'permessage-deflate; client_max_window_bits=9; server_max_window_bits=15',
    '; server_max_window_bits=15; client_max_window_bits=9',
  ],
  [
    'permessage-deflate; client_max_window_bits=8; server_max_window_bits=8',
    '; server_max_window_bits=8; client_max_window_bits=8',
  ],
  [
    'permessage-deflate; client_no_context_takeover; server_no_context_takeover; server_max_window_bits=9',
    '; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9',
  ],
  [
    'permessage-deflate; server_max_window_bits=16, permessage-deflate; server_no_context_takeover, permessage-deflate',
    '; server_no_context_takeover',
  ],
]

describe.each(['server', 'client'] as const)('a %s echoes', (role) => {
  test.each([65_535, 64 * KiB, 256 * KiB, MiB, 4 * MiB, 16 * MiB])('%i bytes in one frame', (size) => {
    const { endpoint, wire, expectEcho } = createEcho(role)
    for (const isText of [true, false]) {
      const message = { isText, bytes: Buffer.alloc(size, isText ? '*' : NOISE) }
      endpoint.feed(wire(message))
      expectEcho(message)
    }
  })

  test.each([64, 256, KiB, 4 * KiB, 64 * KiB, 256 * KiB])('frames of %i bytes, joined to a large message', (step) => {
    const { endpoint, wire, expectEcho } = createEcho(role)
    for (const message of [messageOf(true, 400 * KiB), messageOf(false, 256 * KiB)]) {
      endpoint.feed(wire(message, step))
      expectEcho(message)
    }
  })

  test.each([64, 128, 256, 512, KiB, 2 * KiB])('one frame that comes in pieces of %i bytes', (step) => {
    const { endpoint, wire, expectEcho } = createEcho(role)
    for (const message of [messageOf(true, 256 * KiB), messageOf(false, 256 * KiB)]) {
      const bytes = wire(message)
      for (let at = 0; at < bytes.length; at += step) endpoint.feed(bytes.subarray(at, at + step))
      expectEcho(message)
    }
  })

  test.each([0, 16, 64, 256, KiB, 4 * KiB])('a thousand messages of %i bytes, one after another', (size) => {
    const { endpoint, wire, expectEcho } = createEcho(role)
    for (let i = 0; i < 1_000; i++) {
      const message = messageOf(i % 2 === 0, size, i)
      endpoint.feed(wire(message))
      expectEcho(message)
    }
  })

  describe.each(NEGOTIATIONS)('through %s', (offer, answer) => {
    const agreed = acceptDeflate([offer])!

    test('which is agreed on', () => {
      expect(agreed.header).toBe(`permessage-deflate${answer}`)
      expect(readDeflateAnswer([agreed.header], [offer])).toEqual({
        parameters: agreed.parameters,
        unasked: '',
        problem: '',
      })
    })

    test.each([16, 64, 256, KiB, 4 * KiB, 16 * KiB, 128 * KiB])('messages of %i bytes, whole and in frames', (size) => {
      const { endpoint, wire, expectEcho } = createEcho(role, agreed.parameters)
      for (let i = 0; i < 24; i++) {
        const message = messageOf(i % 3 > 0, size, i)
        endpoint.feed(wire(message, [Infinity, 256, 4 * KiB][i % 3 === 0 ? 0 : i % 2 === 0 ? 1 : 2]))
        expectEcho(message)
      }
      endpoint.dispose()
    })
  })
})
