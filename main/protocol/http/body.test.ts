import { describe, expect, test } from 'vitest'
import type { FindingId } from '../../../preload/contract/index.ts'
import { createBodyReader, type BodyPart, type BodyReader } from './body.ts'
import type { Framing } from './framing.ts'

const LIMITS = { headBytes: 65_536, headerCount: 100 }
const OFFSET = 1000

type Read = Extract<Framing, { kind: 'length' | 'chunked' | 'close' }>

interface Part {
  wire: [offset: number, length: number]
  data: string
  findings: FindingId[]
  extension?: string
  trailers?: unknown
  truncated: boolean
  last: boolean
}

function read(framing: Read, text: string, size: number): { parts: Part[]; reader: BodyReader; taken: number } {
  const parts: Part[] = []
  const reader = createBodyReader(framing, OFFSET, LIMITS, (part: BodyPart) => {
    const { wireOffset, wireLength, dataOffset, data, findings, extension, trailers, truncated, last } = part
    const bytes = text.slice(dataOffset - OFFSET, dataOffset - OFFSET + data.length)
    expect(Buffer.from(data).toString('latin1'), 'the data is what lies at dataOffset').toBe(bytes)
    parts.push({
      wire: [wireOffset - OFFSET, wireLength],
      data: bytes,
      findings: findings.map(({ id }) => id),
      ...(extension === undefined ? {} : { extension }),
      ...(trailers === undefined ? {} : { trailers }),
      truncated,
      last,
    })
  })
  let taken = 0
  for (let at = 0; at < text.length && reader.state === 'reading'; at += size) {
    taken += reader.feed(Uint8Array.from(Buffer.from(text.slice(at, at + size), 'latin1')), 0)
  }
  return { parts, reader, taken }
}

const part = (wire: [number, number], data: string, more: Partial<Part> = {}): Part => ({
  wire,
  data,
  findings: [],
  truncated: false,
  last: false,
  ...more,
})
const END: Partial<Part> = { last: true }

interface Case {
  name: string
  text: string
  parts: Part[]
  state?: BodyReader['state']
  lostAt?: number
  lostFor?: FindingId | null
}

const CHUNKED: Case[] = [
  { name: 'one chunk', text: '5\r\nhello\r\n0\r\n\r\n', parts: [part([0, 10], 'hello'), part([10, 5], '', END)] },
  { name: 'what follows is not taken', text: '0\r\n\r\nHTTP/1.1 200', parts: [part([0, 5], '', END)] },
  {
    name: 'hex in both cases, leading zeros',
    text: '000a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n',
    parts: [part([0, 18], '0123456789'), part([18, 15], '0123456789'), part([33, 5], '', END)],
  },
  {
    name: 'an extension',
    text: '1;a="x;y";b\r\nz\r\n0;end\r\n\r\n',
    parts: [part([0, 16], 'z', { extension: 'a="x;y";b' }), part([16, 9], '', { ...END, extension: 'end' })],
  },
  {
    name: 'data that looks like chunks',
    text: '7\r\n0\r\n\r\n5\r\r\n0\r\n\r\n',
    parts: [part([0, 12], '0\r\n\r\n5\r'), part([12, 5], '', END)],
  },
  {
    name: 'trailers',
    text: '0\r\nA: 1\r\nB: 2\r\n\r\n',
    parts: [
      part([0, 17], '', {
        ...END,
        trailers: [
          ['A', '1'],
          ['B', '2'],
        ],
      }),
    ],
  },
  {
    name: 'a trailer that belongs in the head',
    text: '0\r\ncontent-LENGTH: 1\r\n\r\n',
    parts: [
      part([0, 24], '', {
        ...END,
        trailers: [['content-LENGTH', '1']],
        findings: ['http-trailer-forbidden'],
      }),
    ],
  },
  ...[';', ';;', '; a;', ';a=', ';a="', ';a="b"c', ';a b', ';=b', ';a=\x01', ';a="\x01"'].map((extension): Case => ({
    name: `a malformed extension: ${JSON.stringify(extension)}`,
    text: `1${extension}\r\nz\r\n0\r\n\r\n`,
    parts: [
      part([0, 6 + extension.length], 'z', { extension: extension.slice(1), findings: ['http-chunk-size'] }),
      part([6 + extension.length, 5], '', END),
    ],
  })),
  {
    name: 'white space that is bad and allowed in extensions',
    text: '1; a = b\t; c\t=\t"d\\"e" \r\nz\r\n0\r\n\r\n',
    parts: [part([0, 27], 'z', { extension: ' a = b\t; c\t=\t"d\\"e" ' }), part([27, 5], '', END)],
  },
  {
    name: 'a malformed trailer',
    text: '0\r\nA\r\n\r\n',
    parts: [part([0, 8], '', { ...END, findings: ['http-header-line'] })],
  },
  {
    name: 'white space behind the size',
    text: '1 \r\nz\r\n0\r\n\r\n',
    parts: [part([0, 7], 'z', { findings: ['http-chunk-size'] }), part([7, 5], '', END)],
  },
  {
    name: 'a size line that ends with LF alone',
    text: '1\nz\r\n0\r\n\r\n',
    parts: [part([0, 5], 'z', { findings: ['http-chunk-size'] }), part([5, 5], '', END)],
  },
  {
    name: 'a chunk that ends with LF alone',
    text: '1\r\nz\n0\r\n\r\n',
    parts: [part([0, 5], 'z', { findings: ['http-chunk-end'] }), part([5, 5], '', END)],
  },
  {
    name: 'a bare CR in the extension',
    text: '1;a\rb\r\nz\r\n0\r\n\r\n',
    parts: [
      part([0, 10], 'z', { extension: 'a\rb', findings: ['http-bare-cr', 'http-chunk-size'] }),
      part([10, 5], '', END),
    ],
  },
  { name: 'no size', text: '\r\nabc', parts: [], state: 'lost', lostAt: 0, lostFor: 'http-chunk-size' },
  { name: 'a negative size', text: '-5\r\nhello', parts: [], state: 'lost', lostAt: 0, lostFor: 'http-chunk-size' },
  { name: 'a size with 0x', text: '0x5\r\nhello', parts: [], state: 'lost', lostAt: 0, lostFor: 'http-chunk-size' },
  {
    name: 'a size with an underscore, after a good chunk',
    text: '1\r\nz\r\n1_0\r\nhello',
    parts: [part([0, 6], 'z')],
    state: 'lost',
    lostAt: 6,
    lostFor: 'http-chunk-size',
  },
  {
    name: 'a chunk longer than its size',
    text: '3\r\nabcd\r\n0\r\n\r\n',
    parts: [part([0, 6], 'abc', { findings: ['http-chunk-end'] })],
    state: 'lost',
    lostAt: 6,
    lostFor: null,
  },
  {
    name: 'CR without LF behind a chunk',
    text: '3\r\nabc\rx',
    parts: [part([0, 7], 'abc', { findings: ['http-chunk-end'] })],
    state: 'lost',
    lostAt: 7,
    lostFor: null,
  },
  {
    name: 'a size line without end',
    text: `1;${'x'.repeat(20_000)}`,
    parts: [],
    state: 'lost',
    lostAt: 0,
    lostFor: 'http-chunk-size',
  },
]

describe('chunked bodies', () => {
  test.each(CHUNKED)('$name', ({ text, parts, state = 'done', lostAt, lostFor }) => {
    const once = read({ kind: 'chunked' }, text, text.length)
    expect(once.parts).toEqual(parts)
    expect(once.reader.state).toBe(state)
    if (state === 'lost')
      expect([once.reader.lostAt - OFFSET, once.reader.lostFor?.id ?? null]).toEqual([lostAt, lostFor])
    if (state === 'done') expect(once.taken).toBe(parts.reduce((sum, { wire }) => sum + wire[1], 0))
  })

  test.each(CHUNKED)('$name: the same however it is cut', ({ text, parts, state = 'done' }) => {
    for (let size = 1; size < Math.min(40, text.length); size += 1) {
      const cut = read({ kind: 'chunked' }, text, size)
      expect({ size, parts: cut.parts, state: cut.reader.state }).toEqual({ size, parts, state })
    }
  })

  test('a chunk over 64 KiB comes in parts as it arrives, and holds nothing', () => {
    const data = 'x'.repeat(100_000)
    const text = `186a0\r\n${data}\r\n0\r\n\r\n`
    const { parts, reader } = read({ kind: 'chunked' }, text, 30_000)
    expect(reader.state).toBe('done')
    expect(parts.map(({ wire }) => wire)).toEqual([
      [0, 30_000],
      [30_000, 30_000],
      [60_000, 30_000],
      [90_000, 10_009],
      [100_009, 5],
    ])
    expect(parts.map((one) => one.data).join('')).toBe(data)
  })

  test('a size past 2^53 is a finding and a chunk that never ends', () => {
    const { parts, reader } = read({ kind: 'chunked' }, 'ffffffffffffffffff\r\nabc', 5)
    expect(reader.state).toBe('reading')
    expect(parts[0]?.findings).toEqual(['http-chunk-size'])
  })

  test.each([
    ['inside the size', '3\r\nabc\r\n1', [8, 1], ''],
    ['inside the data', '3\r\nab', [0, 5], 'ab'],
    ['before the line end', '3\r\nabc', [0, 6], 'abc'],
    ['between chunks', '3\r\nabc\r\n', [8, 0], ''],
    ['inside the trailers', '0\r\nA: 1\r\nB', [0, 10], ''],
  ])('cut off %s', (_, text, wire, data) => {
    const { parts, reader } = read({ kind: 'chunked' }, text, 3)
    reader.end()
    expect(parts.at(-1)).toMatchObject({ wire, data, truncated: true, last: false })
    reader.end()
    expect(parts.filter(({ truncated }) => truncated)).toHaveLength(1)
  })
})

describe('bodies with a length', () => {
  test('a part per piece; the rest is not taken', () => {
    const { parts, reader, taken } = read({ kind: 'length', length: 5 }, 'helloHTTP', 3)
    expect(parts).toEqual([part([0, 3], 'hel'), part([3, 2], 'lo', END)])
    expect([reader.state, taken]).toEqual(['done', 5])
  })

  test('cut off', () => {
    const { parts, reader } = read({ kind: 'length', length: 5 }, 'hel', 3)
    reader.end()
    expect(parts).toEqual([part([0, 3], 'hel'), part([3, 0], '', { truncated: true })])
    expect(reader.state).toBe('reading')
  })
})

test('a body without length ends with its connection', () => {
  const { parts, reader } = read({ kind: 'close' }, 'hello', 3)
  reader.end()
  expect(parts).toEqual([part([0, 3], 'hel'), part([3, 2], 'lo')])
  expect(reader.state).toBe('done')
})
