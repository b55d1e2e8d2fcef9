/**
 * An endpoint of either role against tables of frames (groups 1 to 7 and 10 as the Autobahn test suite divides them),
 * each whole, byte by byte and cut at every point. Groups 9, 12 and 13 are endpoint.volume.test.ts.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayStandInCloseFrame } from '../../../preload/contract/index.ts'
import type { DeflateParameters } from './extensions.ts'
import { encodeFrame, type FrameOptions } from './frame.ts'
import { cuttings } from './testing/cut.ts'
import { createTalk, describeFrame, splitFrames, type TalkOptions } from './testing/talk.ts'

type Role = 'client' | 'server'
type Frame = FrameOptions

const DEFLATE: DeflateParameters = {
  clientNoContextTakeover: false,
  serverNoContextTakeover: false,
  clientMaxWindowBits: 15,
  serverMaxWindowBits: 15,
}
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const text = (payload: string, more: Partial<Frame> = {}): Frame => ({ opcode: 1, payload: utf8(payload), ...more })
const more = (payload: string | Buffer, fin = true): Frame => ({ opcode: 0, payload: Buffer.from(payload), fin })
const ping = (payload: string | Buffer = ''): Frame => ({ opcode: 9, payload: Buffer.from(payload) })
const pong = (payload = ''): Frame => ({ opcode: 10, payload: utf8(payload) })
const closing = (code?: number, reason: string | Buffer = ''): Frame => ({
  opcode: 8,
  payload:
    code === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.of(code >> 8, code & 255), Buffer.from(reason)]),
})

/** Frames as the peer of that role must send them. */
const wire = (role: Role, frames: readonly Frame[]): Buffer =>
  Buffer.concat(frames.map((frame) => encodeFrame(role === 'server' ? { key: 0x77aa01, ...frame } : frame)))

/** What the endpoint writes in return, the same however the bytes are cut. */
function expectWritten(role: Role, bytes: Buffer, written: readonly string[], options: TalkOptions = {}): void {
  for (const { name, pieces } of cuttings(bytes, 60)) {
    const talk = createTalk({ role, ...options })
    for (const piece of pieces) talk.endpoint.feed(piece)
    expect(splitFrames(talk.written()).map(describeFrame), `${role}, ${name}`).toEqual(written)
    talk.endpoint.dispose()
  }
}

const BYE = closing(1000)
const bad = (code: number): string => `close ${code}`
const long = 'x'.repeat(126)
const chunked = (size: number, step: number): Frame[] => {
  const frames: Frame[] = []
  for (let at = 0; at < size; at += step) {
    const payload = Buffer.alloc(Math.min(step, size - at), 0x2a)
    frames.push({ opcode: at === 0 ? 1 : 0, payload, fin: at + step >= size })
  }
  return frames
}

describe.each(['server', 'client'] as const)('a %s', (role) => {
  test.each<[string, Frame[], string[]]>([
    // 1: framing
    ...[0, 125, 126, 127, 128, 600].map((size): [string, Frame[], string[]] => [
      `echoes ${size} bytes of text and binary`,
      [text('*'.repeat(size)), { opcode: 2, payload: Buffer.alloc(size, 0xfe) }, BYE],
      [`text "${'*'.repeat(size)}"`, `binary ${'fe'.repeat(size)}`, bad(1000)],
    ]),
    // 2: pings and pongs
    ['answers an empty ping', [ping(), BYE], ['pong ', bad(1000)]],
    ['answers a ping with its payload', [ping(hex('00ff fefd fcfb 00ff')), BYE], ['pong 00fffefdfcfb00ff', bad(1000)]],
    ['answers a ping of 125 bytes', [ping(Buffer.alloc(125, 0xfe)), BYE], [`pong ${'fe'.repeat(125)}`, bad(1000)]],
    ['fails a ping of 126 bytes', [ping(Buffer.alloc(126, 0xfe)), BYE], [bad(1002)]],
    ['passes over pongs that nobody asked for', [pong(), pong('unsolicited'), ping('a'), BYE], ['pong 61', bad(1000)]],
    [
      'answers ten pings in order',
      [...Array.from({ length: 10 }, (_, i) => ping(`${i}`)), BYE],
      [...Array.from({ length: 10 }, (_, i) => `pong 3${i}`), bad(1000)],
    ],
    // 3: reserved bits
    ...[1, 2, 3, 4, 5, 6, 7].map((rsv): [string, Frame[], string[]] => [
      `fails reserved bits ${rsv} after answering what came before`,
      [text('a'), text('b', { rsv }), ping(), BYE],
      ['text "a"', bad(1002)],
    ]),
    ['fails reserved bits on a control frame', [{ ...ping(), rsv: 4 }, BYE], [bad(1002)]],
    // 4: reserved opcodes
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Frame[], string[]] => [
      `fails opcode ${opcode}`,
      [text('a'), { opcode, payload: utf8('b') }, ping()],
      ['text "a"', bad(1002)],
    ]),
    // 5: fragmentation
    ['fails a fragmented ping', [{ ...ping('a'), fin: false }, more('b'), BYE], [bad(1002)]],
    ['fails a fragmented pong', [{ ...pong('a'), fin: false }, more('b'), BYE], [bad(1002)]],
    ['joins two fragments', [text('frag', { fin: false }), more('ment'), BYE], ['text "fragment"', bad(1000)]],
    [
      'answers a ping between fragments first',
      [text('a', { fin: false }), ping('p'), more('b'), BYE],
      ['pong 70', 'text "ab"', bad(1000)],
    ],
    ['fails a continuation of nothing', [more('a'), text('b'), BYE], [bad(1002)]],
    ['fails an unfinished continuation of nothing', [more('a', false), text('b'), BYE], [bad(1002)]],
    ['fails a continuation after a finished message', [text('a'), more('b'), BYE], ['text "a"', bad(1002)]],
    ['fails text inside fragmented text', [text('a', { fin: false }), text('b'), BYE], [bad(1002)]],
    ['fails fragments inside fragments', [text('a', { fin: false }), text('b', { fin: false }), BYE], [bad(1002)]],
    [
      'joins five fragments around pings',
      [
        text('1', { fin: false }),
        more('2', false),
        ping('x'),
        more('3', false),
        more('4', false),
        ping('y'),
        more('5'),
        BYE,
      ],
      ['pong 78', 'pong 79', 'text "12345"', bad(1000)],
    ],
    ['joins empty fragments', [text('', { fin: false }), more('', false), more(''), BYE], ['text ""', bad(1000)]],
    [
      'joins binary fragments',
      [{ opcode: 2, payload: hex('ff'), fin: false }, more(hex('fe')), BYE],
      ['binary fffe', bad(1000)],
    ],
    // 6: UTF-8
    [
      'echoes text of every length',
      [text('Hello-µ@ßöäüàá-UTF-8!!'), text('𝄞'), BYE],
      ['text "Hello-µ@ßöäüàá-UTF-8!!"', 'text "𝄞"', bad(1000)],
    ],
    [
      'joins a character cut into bytes',
      [{ opcode: 1, payload: hex('f0'), fin: false }, more(hex('9d84'), false), more(hex('9e')), BYE],
      ['text "𝄞"', bad(1000)],
    ],
    [
      'fails a surrogate',
      [{ opcode: 1, payload: hex('cebae1bdb9cf83cebcceb5 eda080 656469746564') }, BYE],
      [bad(1007)],
    ],
    [
      'fails bad bytes in a later fragment',
      [text('a', { fin: false }), more(hex('ff'), false), more('b'), BYE],
      [bad(1007)],
    ],
    ['fails text that ends inside a character', [{ opcode: 1, payload: hex('ceba e1') }, BYE], [bad(1007)]],
    ['lets binary be what it is', [{ opcode: 2, payload: hex('eda080') }, BYE], ['binary eda080', bad(1000)]],
    // 7: closing
    ['hears nothing after a close frame', [BYE, text('a'), ping(), BYE], [bad(1000)]],
    ['drops an unfinished message at a close frame', [text('a', { fin: false }), BYE, more('b')], [bad(1000)]],
    ['answers a close frame without a body', [closing()], ['close']],
    ['fails a close frame of one byte', [{ opcode: 8, payload: hex('03') }], [bad(1002)]],
    ['answers a close frame with a reason', [closing(1000, 'Hello World!')], [bad(1000)]],
    ['answers a reason of 123 bytes', [closing(1000, '*'.repeat(123))], [bad(1000)]],
    ['fails a reason of 124 bytes', [closing(1000, '*'.repeat(124))], [bad(1002)]],
    ['fails a reason that is no text', [closing(1000, hex('ce ba e1 bd b9 ed a0 80'))], [bad(1007)]],
    ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map(
      (code): [string, Frame[], string[]] => [`answers ${code}`, [closing(code)], [bad(code)]],
    ),
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code): [string, Frame[], string[]] => [`fails ${code}, which must not be sent`, [closing(code)], [bad(1002)]],
    ),
    // 10: many fragments
    ['joins 512 bytes in fragments of 13', [...chunked(512, 13), BYE], [`text "${'*'.repeat(512)}"`, bad(1000)]],
    // RFC 6455 5.2
    ['fails 16 bits for 125 bytes', [text(long.slice(1), { form: 16 })], [bad(1002)]],
    ['fails 64 bits for 126 bytes', [text(long, { form: 64 })], [bad(1002)]],
  ])('%s', (_name, frames, written) => {
    expectWritten(role, wire(role, frames), written)
  })

  test('fails the wrong masking', () => {
    const wrong = role === 'server' ? encodeFrame(text('a')) : encodeFrame({ ...text('a'), key: 1 })
    expectWritten(role, wrong, [bad(1002)])
  })

  test('fails a violation before the rest of the header came', () => {
    const talk = createTalk({ role })
    talk.endpoint.feed(hex(role === 'server' ? 'f1fe' : 'f17e'))
    expect(talk.told).toEqual(['failed 1002', 'finish'])
  })

  // 6.4: not at the end of the frame or message
  test.each([
    ['a lone continuation', '80', 0],
    ['an overlong slash', 'c0af', 0],
    ['an overlong form of three bytes', 'e09fbf', 1],
    ['a surrogate', 'eda080', 1],
    ['an overlong form of four bytes', 'f08fbfbf', 1],
    ['a character past U+10FFFF', 'f4908080', 1],
    ['a byte that no text has', 'ff', 0],
    ['a character cut off by another', 'e282 41', 2],
  ])('fails %s at the first byte that cannot be', (_name, wrong, at) => {
    const before = utf8('κόσμε')
    const rest = utf8('edited')
    const payload = Buffer.concat([before, hex(wrong), rest])
    const header = role === 'server' ? 6 : 2
    for (const [frames, index] of [
      [[{ opcode: 1, payload }], header + before.length + at],
      [
        [
          { opcode: 1, payload: before, fin: false },
          { opcode: 0, payload: Buffer.concat([hex(wrong), rest]) },
        ],
        header + before.length + header + at,
      ],
    ] as [Frame[], number][]) {
      const talk = createTalk({ role })
      const bytes = wire(role, frames)
      talk.endpoint.feed(bytes.subarray(0, index))
      expect(talk.told).toEqual([])
      talk.endpoint.feed(bytes.subarray(index, index + 1))
      expect(talk.told).toEqual(['failed 1007', 'finish'])
    }
  })

  test('fails lengths over its limits before their bytes came', () => {
    const big = (opcode: number, length: string): Buffer =>
      hex(`8${opcode}${role === 'server' ? 'ff' : '7f'} ${length} 00000000`)
    expectWritten(role, big(2, '7fffffffffffffff'), [bad(1009)])
    expectWritten(role, big(2, '8000000000000000'), [bad(1002)])
    expectWritten(role, wire(role, [text('123456')]), [bad(1009)], { limits: { framePayload: 5 } })
    expectWritten(role, wire(role, [text('123', { fin: false }), more('456')]), [bad(1009)], { limits: { message: 5 } })
    expectWritten(role, wire(role, [text('12345'), BYE]), ['text "12345"', bad(1000)], {
      limits: { message: 5, framePayload: 5 },
    })
  })

  test('keeps still at pings when told to', () => {
    expectWritten(role, wire(role, [ping('a'), BYE]), [bad(1000)], { autoPong: false })
  })

  test('closes first, and hears the answer', () => {
    const talk = createTalk({ role })
    expect(talk.endpoint.close(1000, 'bye')).toBe(true)
    expect(talk.endpoint.state).toBe('closing')
    expect([talk.endpoint.close(1000), talk.endpoint.sendText('a'), talk.endpoint.ping(utf8(''))]).toEqual([
      false,
      false,
      false,
    ])
    talk.endpoint.feed(wire(role, [text('still coming'), ping(), BYE]))
    expect(talk.told).toEqual(['message "still coming"', 'ping ', 'closed 1000', 'finish'])
    expect(splitFrames(talk.written()).map(describeFrame)).toEqual([bad(1000)])
  })

  test('a reason is cut between characters to fit', () => {
    const talk = createTalk({ role })
    talk.endpoint.close(1000, 'ä'.repeat(62))
    expect(talk.written().length).toBe((role === 'client' ? 6 : 2) + 2 + 122)
  })

  describe('with permessage-deflate', () => {
    const expectDeflate = (frames: Frame[], written: string[], options: TalkOptions = {}): void =>
      expectWritten(role, wire(role, frames), written, { deflate: DEFLATE, ...options })
    const hello = hex('f248cdc9c90700')

    test.each<[string, Frame[], string[]]>([
      [
        'takes and gives compressed messages',
        [{ opcode: 1, rsv: 4, payload: hello }, BYE],
        ['text compressed f248cdc9c90700', bad(1000)],
      ],
      ['takes plain messages too', [text('Hello'), BYE], ['text compressed f248cdc9c90700', bad(1000)]],
      [
        'takes compressed fragments',
        [{ opcode: 1, rsv: 4, payload: hello.subarray(0, 3), fin: false }, ping(), more(hello.subarray(3)), BYE],
        ['pong ', 'text compressed f248cdc9c90700', bad(1000)],
      ],
      ['takes an empty message', [{ opcode: 1, rsv: 4, payload: hex('00') }, BYE], ['text compressed 00', bad(1000)]],
      [
        'fails RSV1 on a continuation',
        [
          { opcode: 1, rsv: 4, payload: hello.subarray(0, 3), fin: false },
          { ...more(hello.subarray(3)), rsv: 4 },
        ],
        [bad(1002)],
      ],
      ['fails RSV1 on a control frame', [{ ...ping(), rsv: 4 }], [bad(1002)]],
      ['fails RSV2', [text('a', { rsv: 2 })], [bad(1002)]],
      ['fails what cannot be inflated', [{ opcode: 1, rsv: 4, payload: hex('ffff') }], [bad(1007)]],
      [
        'fails bad UTF-8 behind the compression',
        [{ opcode: 1, rsv: 4, payload: hex('00 0200 fdff c328 00') }],
        [bad(1007)],
      ],
    ])('%s', (_name, frames, written) => {
      expectDeflate(frames, written)
    })

    test('fails a bomb', () => {
      const talk = createTalk({ role, deflate: DEFLATE, limits: { inflated: 1000, message: 1000 } })
      const other = createTalk({ role: role === 'server' ? 'client' : 'server', deflate: DEFLATE })
      other.endpoint.sendMessage(Buffer.alloc(5000), false)
      talk.endpoint.feed(other.written())
      expect(talk.told).toEqual(['failed 1009', 'finish'])
    })
  })
})

test('every code that may be sent is answered, every other one failed', () => {
  fc.assert(
    fc.property(fc.nat(65_535), (code) => {
      const talk = createTalk({})
      talk.endpoint.feed(wire('server', [closing(code)]))
      expect(talk.told[0]).toBe(mayStandInCloseFrame(code) ? `closed ${code}` : 'failed 1002')
    }),
  )
})
