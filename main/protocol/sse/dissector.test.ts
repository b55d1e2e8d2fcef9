import { expect, test, describe } from 'vitest'
import { DEFAULT_LIMITS, FLAG, type Limits } from '../../../preload/contract/index.ts'
import { createRecordingSink, type RecordedRow } from '../testing/recording-sink.ts'
import { readSseBlock } from './decode.ts'
import { createSseDissector } from './dissector.ts'
import { WINDOW } from './window.ts'
import table from './testdata/sse-cases.json' with { type: 'json' }

interface Expected {
  events: { type: string; data: string; lastEventId: string }[]
  lastEventIdAtEnd: string
  retry: number | null
  comments: string[]
  unknownFields?: string[]
  discardedAtEof?: string
}

const START = 1_000
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

interface Options {
  limits?: Limits
  direct?: boolean
  /** Wire bytes between pieces, as chunk framing makes them. */
  gap?: number
}

/** The rows of a stream cut at `cuts`. */
function dissect(stream: Uint8Array, cuts: readonly number[], options: Options = {}): RecordedRow[] {
  const { limits = DEFAULT_LIMITS, direct = true, gap = 0 } = options
  const sink = createRecordingSink()
  const dissector = createSseDissector(sink, limits)
  const edges = [0, ...cuts, stream.length]
  let wireOffset = START
  for (let n = 1; n < edges.length; n++) {
    const bytes = Buffer.from(stream.subarray(edges[n - 1]!, edges[n]!)) // as a socket gives them
    dissector.feed({ bytes, at: 0, wireOffset, wireLength: bytes.length, direct })
    bytes.fill(0x21) // the caller may reuse it
    wireOffset += bytes.length + gap
  }
  dissector.end(0, false)
  return sink.rows
}

const everyByte = (stream: Uint8Array): number[] => Array.from({ length: stream.length - 1 }, (_, n) => n + 1)

const rawOf = (row: RecordedRow, stream: Uint8Array): Uint8Array =>
  row.content ?? stream.subarray(row.wireOffset - START, row.wireOffset - START + row.wireLength)

const idOf = (row: RecordedRow): string => (row.details as { id?: string } | null)?.id ?? ''

/** What the rows say, in the words of the table. */
function read(rows: readonly RecordedRow[], stream: Uint8Array): Expected {
  const result: Expected = { events: [], lastEventIdAtEnd: '', retry: null, comments: [] }
  for (const row of rows) {
    const raw = rawOf(row, stream)
    const fields = readSseBlock(raw, idOf(row), false)
    if (row.kind === 'sse-comment') result.comments.push(fields.lines[0]!.value)
    if (row.kind === 'sse-retry') result.retry = fields.retry
    if (row.kind === 'sse-id') result.lastEventIdAtEnd = fields.id ?? 'none'
    if (row.kind !== 'sse-event') continue
    expect(row.payloadLength).toBe(Buffer.byteLength(fields.data))
    expect((row.flags & FLAG.dropped) !== 0).toBe(fields.dropped)
    const unknown = fields.lines.filter((line) => line.role === 'ignored' && !/^(id|retry)$/.test(line.field))
    if (row.flags & FLAG.truncated) {
      expect(row.findings.map((finding) => finding.id)).toContain('sse-unfinished')
      result.discardedAtEof = Buffer.from(raw).toString().replace(/\n$/, '') // as the table writes it
      continue
    }
    if (unknown.length > 0) {
      result.unknownFields = [...(result.unknownFields ?? []), ...unknown.map((line) => line.field)]
      const ids = row.findings.map((finding) => finding.id)
      expect(ids.includes('sse-unknown-field') || ids.includes('sse-bom-inside')).toBe(true)
    }
    if (fields.dropped) expect(row.findings.map((finding) => finding.id)).toContain('sse-dropped')
    else result.events.push({ type: fields.event, data: fields.data, lastEventId: fields.lastEventId })
    result.lastEventIdAtEnd = fields.lastEventId
  }
  return result
}

describe('the table of event streams', () => {
  for (const { id, rule, chunks_hex, expect: wanted } of table.cases) {
    const expected: Expected = wanted
    const stream = Buffer.concat(chunks_hex.map(bytesOf))
    const cuts = chunks_hex.slice(0, -1).map((_, n) => Buffer.concat(chunks_hex.slice(0, n + 1).map(bytesOf)).length)

    test(`${id}: ${rule}`, () => {
      const { lastEventIdAtEnd, retry, comments, events, unknownFields, discardedAtEof } = expected
      const whole = dissect(stream, cuts)
      const said = { events, comments, retry, lastEventIdAtEnd, unknownFields, discardedAtEof }
      expect({ ...said, ...read(whole, stream) }).toEqual(said)
      // The same rows, to the byte, however the stream is cut.
      expect(dissect(stream, [])).toEqual(whole)
      expect(dissect(stream, everyByte(stream))).toEqual(whole)
      for (const cut of everyByte(stream)) expect(dissect(stream, [cut]), `cut at ${cut}`).toEqual(whole)
      // Wire bytes between the pieces: every row that spans a cut keeps its own bytes.
      for (const options of [{ gap: 7 }, { direct: false }]) {
        for (const at of [[], everyByte(stream), ...everyByte(stream).map((cut) => [cut])]) {
          const rows = dissect(stream, at, options)
          expect(rows.map(wordOf), `cut at ${at.join()}`).toEqual(whole.map(wordOf))
          rows.forEach((row, n) => {
            if (row.content) expect(Buffer.from(row.content)).toEqual(Buffer.from(rawOf(whole[n]!, stream)))
            else expect(at.length === 0 || row.wireLength === whole[n]!.wireLength).toBe(options.gap !== undefined)
          })
        }
      }
    })
  }
})

const wordOf = ({ kind, flags, payloadLength, findings, details }: RecordedRow) => ({
  kind,
  flags,
  payloadLength,
  findings,
  details,
})

/** Kind, text on the wire, flags and findings. */
const summary = (stream: string, options: Options = {}): string[] => {
  const bytes = encode(stream)
  return dissect(bytes, [], options).map((row) =>
    [
      row.kind,
      JSON.stringify(Buffer.from(rawOf(row, bytes)).toString()),
      ...(row.flags & FLAG.dropped ? ['dropped'] : []),
      ...(row.flags & FLAG.truncated ? ['truncated'] : []),
      ...row.findings.map((finding) => finding.id),
      ...(row.details ? [JSON.stringify(row.details)] : []),
    ].join(' '),
  )
}

describe('rows', () => {
  const cases: readonly { name: string; stream: string; rows: string[] }[] = [
    {
      name: 'an event is its block, to the end of the blank line',
      stream: 'data: a\n\nevent: x\r\ndata: b\r\n\r\n',
      rows: ['sse-event "data: a\\n\\n"', 'sse-event "event: x\\r\\ndata: b\\r\\n\\r\\n"'],
    },
    {
      name: 'a comment and a retry have rows of their own, before the event of their block',
      stream: ': hi\nretry: 10\ndata: a\n\n',
      rows: ['sse-comment ": hi\\n"', 'sse-retry "retry: 10\\n"', 'sse-event ": hi\\nretry: 10\\ndata: a\\n\\n"'],
    },
    {
      name: 'a block of comments, of a retry, or of an id gives no event',
      stream: ': a\n\nretry: 5\n\nid: 7\n\n',
      rows: ['sse-comment ": a\\n"', 'sse-retry "retry: 5\\n"', 'sse-id "id: 7\\n"'],
    },
    {
      name: 'the id of an earlier block is told with the event',
      stream: 'id: 7\n\ndata: a\n\nid: 8\ndata: b\n\ndata: c\n\nid\ndata: d\n\ndata: e\n\n',
      rows: [
        'sse-id "id: 7\\n"',
        'sse-event "data: a\\n\\n" {"id":"7"}',
        'sse-event "id: 8\\ndata: b\\n\\n"',
        'sse-event "data: c\\n\\n" {"id":"8"}',
        'sse-event "id\\ndata: d\\n\\n"',
        'sse-event "data: e\\n\\n"',
      ],
    },
    {
      name: 'an event without data is shown and said to be dropped',
      stream: 'event: x\nid: 3\n\n',
      rows: ['sse-id "id: 3\\n"', 'sse-event "event: x\\nid: 3\\n\\n" dropped sse-dropped'],
    },
    {
      name: 'an invalid retry is a finding of its block',
      stream: 'retry: soon\ndata: a\n\nretry: -1\n\n',
      rows: [
        'sse-event "retry: soon\\ndata: a\\n\\n" sse-retry-invalid',
        'sse-event "retry: -1\\n\\n" dropped sse-retry-invalid sse-dropped',
      ],
    },
    {
      name: 'an id with NUL is ignored',
      stream: 'id: a\0b\ndata: a\n\ndata: b\n\n',
      rows: ['sse-event "id: a\\u0000b\\ndata: a\\n\\n" sse-id-nul', 'sse-event "data: b\\n\\n"'],
    },
    {
      name: 'an id beyond Latin-1 is pointed out',
      stream: 'id: é\ndata: a\n\nid: 豆\ndata: a\n\n',
      rows: ['sse-event "id: é\\ndata: a\\n\\n"', 'sse-event "id: 豆\\ndata: a\\n\\n" sse-id-not-latin1'],
    },
    {
      name: 'a second BOM belongs to a field name',
      stream: '\ufeff\ufeffdata: a\n\n',
      rows: ['sse-event "\ufeffdata: a\\n\\n" dropped sse-bom-inside sse-dropped'],
    },
    {
      name: 'an unfinished block is shown as dropped and truncated',
      stream: 'data: a\n\nid: 2\ndata: b',
      rows: ['sse-event "data: a\\n\\n"', 'sse-event "id: 2\\ndata: b" dropped truncated sse-unfinished'],
    },
    {
      name: 'a comment at the end leaves nothing unfinished',
      stream: 'data: a\n\n: bye\n',
      rows: ['sse-event "data: a\\n\\n"', 'sse-comment ": bye\\n"'],
    },
    {
      name: 'bare CR ends an event at once, and a LF after it belongs to no row',
      stream: 'data: a\r\r\ndata: b\r\r',
      rows: ['sse-event "data: a\\r\\r"', 'sse-event "data: b\\r\\r"'],
    },
    { name: 'blank lines alone are no rows', stream: '\n\r\n\r\r\n\n', rows: [] },
  ]
  for (const { name, stream, rows } of cases) test(name, () => expect(summary(stream)).toEqual(rows))

  test('a row comes as soon as its bare CR is there', () => {
    const sink = createRecordingSink()
    const dissector = createSseDissector(sink, DEFAULT_LIMITS)
    const bytes = encode('data: a\r\r')
    dissector.feed({ bytes, at: 5, wireOffset: 0, wireLength: bytes.length, direct: true })
    expect(sink.rows.map((row) => row.kind)).toEqual(['sse-event'])
  })

  test('bad UTF-8 is a finding, and the payload is counted as it is read', () => {
    const stream = Buffer.concat([encode('data: a'), Buffer.of(0xff), encode('\n\n: '), Buffer.of(0xc3), encode('\n')])
    const [event, comment] = dissect(stream, [])
    expect(event).toMatchObject({ payloadLength: 4, findings: [{ id: 'sse-utf8', note: 'byte 0xff at 7' }] })
    expect(comment?.findings).toEqual([{ id: 'sse-utf8', note: 'byte 0xc3 at 2' }])
  })

  test('time is that of the piece that brought the end of the block', () => {
    const sink = createRecordingSink()
    const dissector = createSseDissector(sink, DEFAULT_LIMITS)
    ;['data: a\r\n\r', '\nda', 'ta: b\n\n'].reduce((wireOffset, text, n) => {
      const bytes = encode(text)
      dissector.feed({ bytes, at: n, wireOffset, wireLength: bytes.length, direct: true })
      return wireOffset + bytes.length
    }, 0)
    expect(sink.rows.map((row) => row.at)).toEqual([1, 2])
  })
})

describe('limits', () => {
  const limits = { ...DEFAULT_LIMITS, sseLine: 20, sseEvent: 60 }

  const cases: readonly { name: string; stream: string; rows: string[] }[] = [
    {
      name: 'a line of just the limit is whole',
      stream: `data: ${'x'.repeat(14)}\r\n\r\n`,
      rows: ['14 '],
    },
    {
      name: 'a longer line is a finding and counted in full',
      stream: `data: ${'x'.repeat(50)}\n\n`,
      rows: ['50 line'],
    },
    { name: 'a block over its limit is truncated', stream: `${'data: 12345678\n'.repeat(5)}\n`, rows: ['44 event'] },
    { name: 'an endless comment', stream: `:${'x'.repeat(500)}\n\n`, rows: ['0 line'] },
    { name: 'an unfinished line', stream: `data: ${'x'.repeat(500)}`, rows: ['500 line,unfinished,event'] },
    {
      name: 'comments without a blank line are no huge block',
      stream: `${': keep-alive\n'.repeat(20)}data: a\n\n`,
      rows: [...Array<string>(20).fill('0 '), '1 '],
    },
    {
      name: 'a character cut by the limit is no bad UTF-8',
      stream: `data: ${'豆'.repeat(20)}\n\n`,
      rows: ['60 line,event'],
    },
  ]
  for (const { name, stream, rows } of cases) {
    test(name, () => {
      const bytes = encode(stream)
      const said = (got: RecordedRow[]): string[] =>
        got.map((row) => `${row.payloadLength} ${row.findings.map(({ id }) => id.replace(/sse-|-limit/g, '')).join()}`)
      const whole = dissect(bytes, [], { limits })
      expect(said(whole)).toEqual(rows)
      expect(dissect(bytes, everyByte(bytes), { limits })).toEqual(whole)
      for (const row of dissect(bytes, everyByte(bytes), { limits, direct: false })) {
        expect(row.content!.length).toBeLessThanOrEqual(limits.sseEvent)
      }
    })
  }

  test('100 MB in one line hold no more than the limits', () => {
    const sink = createRecordingSink()
    const dissector = createSseDissector(sink, DEFAULT_LIMITS)
    const bytes = new Uint8Array(1024 * 1024).fill(0x61)
    let wireOffset = 0
    const feed = (piece: Uint8Array): void => {
      dissector.feed({ bytes: piece, at: 0, wireOffset, wireLength: piece.length, direct: true })
      wireOffset += piece.length
    }
    feed(encode('data:'))
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for (let n = 0; n < 100; n++) {
      feed(bytes)
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    feed(encode('\n\n'))
    expect(most).toBeLessThan(4 * (DEFAULT_LIMITS.sseEvent + DEFAULT_LIMITS.sseLine))
    expect(sink.rows).toMatchObject([
      { payloadLength: 100 * 1024 * 1024, wireOffset: 0, wireLength: 100 * 1024 * 1024 + 7, flags: FLAG.truncated },
    ])
  })
})

test('a piece larger than the window gives the same rows as small ones', () => {
  const text = Array.from({ length: 4_000 }, (_, n) => `id: ${n}\ndata: ${'y'.repeat(n % 50)}\ndata: é${n}\n\n`).join(
    '',
  )
  const stream = encode(`${text}data: ${'z'.repeat(3 * WINDOW)}\r\n\r\ndata: end\n\n`)
  const whole = dissect(stream, [])
  expect(whole).toHaveLength(4_002)
  const cuts = Array.from({ length: Math.floor(stream.length / 1_000) }, (_, n) => (n + 1) * 1_000)
  expect(dissect(stream, cuts)).toEqual(whole)
  expect(whole.at(-2)).toMatchObject({ payloadLength: 3 * WINDOW, content: null })
})
