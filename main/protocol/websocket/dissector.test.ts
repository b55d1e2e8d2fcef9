/** Frames as rows: each table is dissected whole, byte by byte and cut at every point, with the same rows each time. */
import { describe, expect, test } from 'vitest'
import { createDeflater } from './deflate.ts'
import type { DeflateParameters } from './extensions.ts'
import { encodeFrame, type FrameOptions } from './frame.ts'
import { cuttings } from './testing/cut.ts'
import { describeRow, dissect, type DissectOptions, type Step } from './testing/rows.ts'

const CLIENT = 0
const SERVER = 1

const DEFLATE: DeflateParameters = {
  clientNoContextTakeover: false,
  serverNoContextTakeover: false,
  clientMaxWindowBits: 15,
  serverMaxWindowBits: 15,
}

let lastKey = 0x3d21fa37
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
/** Masked with a key of its own, as a client must. */
const masked = (options: FrameOptions): Buffer =>
  encodeFrame({ ...options, key: (lastKey = (lastKey + 0x01010101) | 0) })
const text = (payload: string, more: Partial<FrameOptions> = {}): Buffer =>
  masked({ opcode: 1, payload: utf8(payload), ...more })
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

/** Both sides end after the bytes, the client first. */
function expectRows(from: 0 | 1, bytes: Uint8Array, rows: readonly string[], options: DissectOptions = {}): void {
  for (const { name, pieces } of cuttings(bytes)) {
    const steps: Step[] = pieces.map((piece) => [from, piece] as const)
    const seen = dissect([...steps, [CLIENT, 'end'], [SERVER, 'end']], options).map(describeRow)
    expect(seen, name).toEqual(rows)
  }
}

const NO_CLOSE =
  'client close 1006 - 0+0 0 {"code":1006,"reason":"","by":"client","clean":false,"how":"the connection ended without a close frame"} !ws-no-close'

describe('the examples of RFC 6455 5.7', () => {
  test.each([
    ['unmasked text', '81 05 48656c6c6f', ['server ws-frame 1 fin 0+7 5']],
    [
      'fragmented unmasked text',
      '01 03 48656c 80 02 6c6f',
      [
        'server ws-frame 1 - 0+5 3',
        'server ws-frame 0 fin 5+4 2 {"messageSeq":1}',
        'server ws-message 1 - 0+9 5 "Hello" {"frames":2,"firstSeq":1}',
      ],
    ],
    ['unmasked ping', '89 05 48656c6c6f', ['server ws-frame 9 fin 0+7 5']],
    ['256 bytes of binary', `82 7e 0100 ${'00'.repeat(256)}`, ['server ws-frame 2 fin 0+260 256']],
    ['64 KiB of binary', `82 7f 0000000000010000 ${'00'.repeat(65536)}`, ['server ws-frame 2 fin 0+65546 65536']],
  ])('%s', (_name, bytes, rows) => {
    const wire = hex(bytes)
    if (wire.length < 1000) return expectRows(SERVER, wire, [...rows, NO_CLOSE])
    for (const size of [wire.length, 1000, 4096]) {
      const steps: Step[] = []
      for (let i = 0; i < wire.length; i += size) steps.push([SERVER, wire.subarray(i, i + size)])
      expect(dissect(steps).map(describeRow)).toEqual(rows)
    }
  })

  test('masked text and its pong', () => {
    expectRows(CLIENT, hex('81 85 37fa213d 7f9f4d5158 8a 85 37fa213e 7f9f4d5258'), [
      'client ws-frame 1 fin+masked 0+11 5',
      'client ws-frame 10 fin+masked 11+11 5 !ws-pong-unasked',
      NO_CLOSE,
    ])
  })
})

describe('rules of RFC 6455 5', () => {
  const long = utf8('x'.repeat(126))
  test.each<[string, 0 | 1, Buffer, string[]]>([
    ['an unmasked client', CLIENT, hex('8101 61'), ['client ws-frame 1 fin 0+3 1 !ws-unmasked-client']],
    [
      'a masked server',
      SERVER,
      encodeFrame({ opcode: 1, payload: utf8('a'), key: 5 }),
      ['server ws-frame 1 fin+masked 0+7 1 !ws-masked-server'],
    ],
    ['reserved bits', SERVER, hex('f101 61'), ['server ws-frame 1 fin+rsv1+rsv2+rsv3 0+3 1 !ws-rsv (RSV1-3 are 111)']],
    ['a reserved data opcode', SERVER, hex('8301 ff'), ['server ws-frame 3 fin 0+3 1 !ws-opcode (got 0x3)']],
    ['a reserved control opcode', SERVER, hex('8b00'), ['server ws-frame 11 fin 0+2 0 !ws-opcode (got 0xb)']],
    [
      '16 bits for a short length',
      SERVER,
      hex('827e000100'),
      ['server ws-frame 2 fin 0+5 1 !ws-length-form (1 in 16 bits)'],
    ],
    [
      '64 bits for a short length',
      SERVER,
      hex('827f0000000000000001 00'),
      ['server ws-frame 2 fin 0+11 1 !ws-length-form (1 in 64 bits)'],
    ],
    [
      'a control frame of 126 bytes',
      SERVER,
      encodeFrame({ opcode: 9, payload: long }),
      ['server ws-frame 9 fin 0+130 126 !ws-control-length (got 126)'],
    ],
    ['a fragmented ping', SERVER, hex('0900'), ['server ws-frame 9 - 0+2 0 !ws-control-fragmented']],
    ['a continuation of nothing', SERVER, hex('8001 ff'), ['server ws-frame 0 fin 0+3 1 !ws-continuation-unexpected']],
    [
      'a message inside a message',
      SERVER,
      hex('0101 61 8101 62 8001 63'),
      [
        'server ws-frame 1 - 0+3 1',
        'server ws-frame 1 fin 3+3 1 !ws-continuation-expected',
        'server ws-frame 0 fin 6+3 1 !ws-continuation-unexpected',
      ],
    ],
    [
      'control frames between fragments',
      SERVER,
      hex('0101 61 8900 0001 62 8a00 8001 63'),
      [
        'server ws-frame 1 - 0+3 1',
        'server ws-frame 9 fin 3+2 0',
        'server ws-frame 0 - 5+3 1 {"messageSeq":1}',
        'server ws-frame 10 fin 8+2 0 !ws-pong-unasked',
        'server ws-frame 0 fin 10+3 1 {"messageSeq":1}',
        'server ws-message 1 - 0+9 3 "abc" {"frames":3,"firstSeq":1}',
      ],
    ],
    ['bad UTF-8', SERVER, hex('8103 61c328'), ['server ws-frame 1 fin 0+5 3 !ws-utf8 (at byte 2)']],
    ['a surrogate', SERVER, hex('8103 eda080'), ['server ws-frame 1 fin 0+5 3 !ws-utf8 (at byte 1)']],
    [
      'text that ends too early',
      SERVER,
      hex('8102 61c3'),
      ['server ws-frame 1 fin 0+4 2 !ws-utf8 (it ends inside a character)'],
    ],
    [
      'a character over two fragments',
      SERVER,
      hex('0102 61c3 8001 a9'),
      [
        'server ws-frame 1 - 0+4 2',
        'server ws-frame 0 fin 4+3 1 {"messageSeq":1}',
        'server ws-message 1 - 0+7 3 "aé" {"frames":2,"firstSeq":1}',
      ],
    ],
    ['binary is not text', SERVER, hex('8202 c328'), ['server ws-frame 2 fin 0+4 2']],
  ])('%s', (_name, from, bytes, rows) => {
    expectRows(from, bytes, [...rows, NO_CLOSE])
  })

  test('a length with its highest bit set loses the boundaries', () => {
    expectRows(SERVER, hex('827f 8000000000000001 8101 61 ffff'), [
      'server ws-frame 2 fin+truncated 0+10 9007199254740991 !ws-length-msb !ws-lost',
      NO_CLOSE,
    ])
  })

  test('a frame over the limit is told at once and passed over', () => {
    expectRows(
      SERVER,
      Buffer.concat([hex('8206 000000000000'), hex('8101 61')]),
      [
        'server ws-frame 2 fin+truncated 0+2 6 !ws-too-large (the frame declares 6 bytes)',
        'server ws-frame 1 fin 8+3 1',
        NO_CLOSE,
      ],
      { limits: { framePayload: 5 } },
    )
    const rows = dissect([[SERVER, hex('827f 7fffffffffffffff 00')]])
    expect(rows.map(describeRow)).toEqual([
      'server ws-frame 2 fin+truncated 0+10 9007199254740991 !ws-too-large (the frame declares more than 2^53 bytes)',
    ])
  })

  test('a fragmented message over the limit keeps its rows and loses its content', () => {
    expectRows(
      SERVER,
      hex('0103 616161 0003 616161 8001 62 8101 63'),
      [
        'server ws-frame 1 - 0+5 3',
        'server ws-frame 0 - 5+5 3 {"messageSeq":1} !ws-too-large (the message is larger than 5 bytes)',
        'server ws-frame 0 fin 10+3 1 {"messageSeq":1}',
        'server ws-message 1 truncated 0+13 7 {"frames":3,"firstSeq":1}',
        'server ws-frame 1 fin 13+3 1',
        NO_CLOSE,
      ],
      { limits: { message: 5 } },
    )
  })

  test('masking keys are told when zero, and when four frames in a row have the same', () => {
    const zero = encodeFrame({ opcode: 1, payload: utf8('a'), key: 0 })
    const same = encodeFrame({ opcode: 1, payload: utf8('a'), key: 7 })
    expectRows(CLIENT, Buffer.concat([zero, zero, same, same, same, same, same]), [
      'client ws-frame 1 fin+masked 0+7 1 !ws-mask-key-zero',
      'client ws-frame 1 fin+masked 7+7 1',
      'client ws-frame 1 fin+masked 14+7 1',
      'client ws-frame 1 fin+masked 21+7 1',
      'client ws-frame 1 fin+masked 28+7 1',
      'client ws-frame 1 fin+masked 35+7 1 !ws-mask-key-repeated',
      'client ws-frame 1 fin+masked 42+7 1',
      NO_CLOSE,
    ])
  })

  test('the caller may place the frames anywhere in the stream', () => {
    const rows = dissect(
      [
        [SERVER, hex('8101 61')],
        [CLIENT, text('b')],
      ],
      { offsets: [200, 300] },
    )
    expect(rows.map(({ wireOffset }) => wireOffset)).toEqual([300, 200])
  })
})

describe('pings and pongs', () => {
  test('a pong answers the ping with its payload, or a later one', () => {
    const ping = (payload: string): Step => [SERVER, encodeFrame({ opcode: 9, payload: utf8(payload) })]
    const pong = (payload: string): Step => [CLIENT, masked({ opcode: 10, payload: utf8(payload) })]
    const rows = dissect([ping('1'), ping('2'), ping('3'), pong('2'), pong('1'), pong('3'), pong('3')])
    expect(rows.map(({ findings }) => findings.map(({ id }) => id).join())).toEqual([
      '',
      '',
      '',
      '',
      'ws-pong-unasked',
      '',
      'ws-pong-unasked',
    ])
  })
})

describe('the end', () => {
  const close = (from: 0 | 1, body: string): Step => {
    const payload = hex(body)
    return [from, from === CLIENT ? masked({ opcode: 8, payload }) : encodeFrame({ opcode: 8, payload })]
  }
  const ends: Step[] = [
    [SERVER, 'end'],
    [CLIENT, 'end'],
  ]
  const lines = (steps: Step[]): string[] => dissect(steps).map(describeRow)

  test('both sides close', () => {
    expect(lines([close(CLIENT, '03e8 627965'), close(SERVER, '03e8'), ...ends])).toEqual([
      'client ws-frame 8 fin+masked 0+11 5',
      'server ws-frame 8 fin 0+4 2',
      'client close 1000 - 0+0 0 {"code":1000,"reason":"bye","by":"client","clean":true,"how":"both sides sent a close frame"}',
    ])
  })

  test('one side closes', () => {
    expect(lines([close(SERVER, ''), ...ends])).toEqual([
      'server ws-frame 8 fin 0+2 0',
      'server close 1005 - 0+0 0 {"code":1005,"reason":"","by":"server","clean":false,"how":"the client did not answer the close frame"}',
    ])
  })

  test.each([
    ['the side that closes', [close(CLIENT, '03e7'), close(SERVER, '03ea')], 'client close 999', 'client'],
    ['the side that answers', [close(CLIENT, '03e8'), close(SERVER, '03')], 'client close 1000', 'server'],
  ] as [string, Step[], string, string][])(
    'a close frame that breaks a rule closes nothing: %s',
    (_, steps, row, whose) => {
      const how = `the close frame of the ${whose} breaks the protocol`
      expect(lines([...steps, ...ends]).at(-1)).toContain(row)
      expect(lines([...steps, ...ends]).at(-1)).toContain(`"clean":false,"how":"${how}"`)
    },
  )

  test('a second close frame spoils nothing', () => {
    const steps = [close(CLIENT, '03e8'), close(SERVER, '03e8'), close(SERVER, '03'), ...ends]
    expect(lines(steps).at(-1)).toContain('"clean":true')
  })

  test('nobody closes', () => {
    expect(lines(ends)).toEqual([NO_CLOSE.replaceAll('client', 'server')])
  })

  test('data after the close frame', () => {
    expect(lines([close(SERVER, ''), [SERVER, hex('8101 61')]])).toEqual([
      'server ws-frame 8 fin 0+2 0',
      'server ws-frame 1 fin 2+3 1 !ws-after-close',
    ])
  })

  test.each([
    ['one byte', '03', '!ws-close-length (got 1 byte)'],
    ['a code for reports only', '03ed', '!ws-close-code (got 1005)'],
    ['an undefined code', '03e7', '!ws-close-code (got 999)'],
    ['a reason that is no text', '03e8 c328', '!ws-close-reason'],
  ])('a close frame with %s', (_name, body, finding) => {
    expect(lines([close(SERVER, body)])[0]).toContain(finding)
  })

  test.each([
    ['inside the header', '817e', 'server ws-frame 1 fin+truncated 0+2 0 !ws-cut-frame (inside the header)'],
    ['behind the first byte', '09', 'server ws-frame 9 truncated 0+1 0 !ws-cut-frame (inside the header)'],
    [
      'inside the payload',
      '8105 6161',
      'server ws-frame 1 fin+truncated 0+4 5 !ws-cut-frame (2 of 5 bytes of payload came)',
    ],
    [
      'before the payload',
      '8105',
      'server ws-frame 1 fin+truncated 0+2 5 !ws-cut-frame (0 of 5 bytes of payload came)',
    ],
  ])('cut %s', (_name, bytes, row) => {
    expectRows(SERVER, hex(bytes), [row, NO_CLOSE])
  })

  test('is told once', () => {
    expect(lines([...ends, ...ends, [SERVER, hex('8100')]])).toHaveLength(1)
  })
})

describe('permessage-deflate', () => {
  const compressed = (payloads: string[], parameters = DEFLATE): Buffer[] => {
    const deflater = createDeflater(parameters.serverMaxWindowBits, !parameters.serverNoContextTakeover)
    return payloads.map((payload) => deflater.deflate(utf8(payload)))
  }

  test('the examples of RFC 7692 7.2.3', () => {
    const bytes = hex(
      'c107 f248cdc9c90700' + // one block
        'c105 f200110000' + // the same again, sharing the window
        'c10b 000500faff48656c6c6f00' + // no compression
        'c108 f348cdc9c9070000' + // BFINAL
        'c10d f248050000 00ffff cac9c90700', // two blocks
    )
    const rows = (length: number, offset: number) =>
      `server ws-frame 1 fin+rsv1+compressed ${offset}+${length + 2} ${length} "Hello"`
    expectRows(SERVER, bytes, [rows(7, 0), rows(5, 9), rows(11, 16), rows(8, 29), rows(13, 39), NO_CLOSE], {
      deflate: DEFLATE,
    })
  })

  test('fragments of a compressed message, with a control frame between', () => {
    expectRows(
      SERVER,
      hex('4103 f248cd 8900 8004 c9c90700 c105 f200110000'),
      [
        'server ws-frame 1 rsv1+compressed 0+5 3',
        'server ws-frame 9 fin 5+2 0',
        'server ws-frame 0 fin+compressed 7+6 4 {"messageSeq":1}',
        'server ws-message 1 compressed 0+11 5 "Hello" {"frames":2,"firstSeq":1,"compressedLength":7}',
        'server ws-frame 1 fin+rsv1+compressed 13+7 5 "Hello"',
        NO_CLOSE,
      ],
      { deflate: DEFLATE },
    )
  })

  test('masked messages of a client without context takeover', () => {
    const parameters = { ...DEFLATE, clientNoContextTakeover: true }
    const [body] = compressed(['{"a":1,"b":"äöü"}'], { ...DEFLATE, serverNoContextTakeover: true })
    const frame = masked({ opcode: 1, rsv: 4, payload: body! })
    const length = frame.length
    const row = (offset: number) =>
      `client ws-frame 1 fin+rsv1+masked+compressed ${offset}+${length} ${body!.length} ${JSON.stringify('{"a":1,"b":"äöü"}')}`
    expectRows(
      CLIENT,
      Buffer.concat([frame, masked({ opcode: 1, rsv: 4, payload: body! })]),
      [row(0), row(length), NO_CLOSE],
      {
        deflate: parameters,
      },
    )
  })

  test('RSV1 where it must not stand', () => {
    expectRows(
      SERVER,
      hex('4103 f248cd c004 c9c90700 c900'),
      [
        'server ws-frame 1 rsv1+compressed 0+5 3',
        'server ws-frame 0 fin+rsv1+compressed 5+6 4 {"messageSeq":1} !ws-rsv1-continuation',
        'server ws-message 1 compressed 0+11 5 "Hello" {"frames":2,"firstSeq":1,"compressedLength":7}',
        'server ws-frame 9 fin+rsv1 11+2 0 !ws-rsv (RSV1-3 are 100)',
        NO_CLOSE,
      ],
      { deflate: DEFLATE },
    )
  })

  test('a corrupt stream takes the window with it', () => {
    expectRows(
      SERVER,
      hex('c102 ffff c107 f248cdc9c90700 8101 61'),
      [
        'server ws-frame 1 fin+rsv1+compressed 0+4 2 !ws-inflate',
        'server ws-frame 1 fin+rsv1+compressed 4+9 7 !ws-inflate (an earlier message took the window with it)',
        'server ws-frame 1 fin 13+3 1',
        NO_CLOSE,
      ],
      { deflate: DEFLATE },
    )
  })

  test('a corrupt stream without context takeover harms its message only', () => {
    expectRows(
      SERVER,
      hex('c102 ffff c107 f248cdc9c90700'),
      [
        'server ws-frame 1 fin+rsv1+compressed 0+4 2 !ws-inflate',
        'server ws-frame 1 fin+rsv1+compressed 4+9 7 "Hello"',
        NO_CLOSE,
      ],
      { deflate: { ...DEFLATE, serverNoContextTakeover: true } },
    )
  })

  test('bad UTF-8 is found behind the compression', () => {
    const deflater = createDeflater(15, true)
    const frame = encodeFrame({ opcode: 1, rsv: 4, payload: deflater.deflate(hex('6161c328')) })
    const rows = dissect([[SERVER, frame]], { deflate: DEFLATE })
    expect(rows[0]!.findings).toEqual([{ id: 'ws-utf8', note: 'at byte 3' }])
  })

  test('a bomb is stopped by size, and by ratio', () => {
    const zeros = createDeflater(15, true).deflate(Buffer.alloc(8 << 20))
    const frame = encodeFrame({ opcode: 2, rsv: 4, payload: zeros })
    const bySize = dissect([[SERVER, frame]], { deflate: DEFLATE, limits: { inflated: 4 << 20 } })
    expect(bySize[0]!.findings).toEqual([{ id: 'ws-inflate-limit', note: '' }])
    expect(bySize[0]!.content).toBeNull()
    const byRatio = dissect([[SERVER, frame]], { deflate: DEFLATE, limits: { inflateRatio: 100 } })
    expect(byRatio[0]!.findings).toEqual([{ id: 'ws-inflate-limit', note: '' }])
    const whole = dissect([[SERVER, frame]], { deflate: DEFLATE, limits: { inflateRatio: 2000 } })
    expect(whole[0]!.content).toHaveLength(8 << 20)
  })
})
