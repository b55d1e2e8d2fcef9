/** Any stream, cut anywhere: the same rows, and the events that a plain reading of the specification gives. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS, FLAG } from '../../../preload/contract/index.ts'
import { FUZZ, FUZZ_BYTES } from '../testing/fuzz.ts'
import { createRecordingSink, type RecordedRow } from '../testing/recording-sink.ts'
import { readSseBlock } from './decode.ts'
import { createSseDissector } from './dissector.ts'

const RUNS = 8_000 * FUZZ
let bytesSeen = 0

const PARTS = [
  'data',
  'data:',
  'data: ',
  'event: ',
  'id: ',
  'id',
  'retry: ',
  'retry:',
  '10',
  ':',
  ' ',
  'x',
  'é',
  '豆',
  '\0',
]
const ENDS = ['\n', '\n\n', '\r', '\r\n', '\r\n\r\n', '\r\r', '\ufeff']
const STRAY = [0xff, 0xc3, 0xe2, 0x82, 0xef, 0xbb, 0xbf, 0x0e, 0x0b]

const stream = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PARTS).map((text) => Buffer.from(text)) },
      { weight: 5, arbitrary: fc.constantFrom(...ENDS).map((text) => Buffer.from(text)) },
      {
        weight: 2,
        arbitrary: fc.constantFrom('id: 7\nevent: e\ndata: x\n\n', 'data: abc\n\n').map((text) => Buffer.from(text)),
      },
      { weight: 1, arbitrary: fc.constantFrom(...STRAY).map((byte) => Buffer.of(byte)) },
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((parts) => Buffer.concat(parts))

const cutting = fc.record({
  sizes: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 20 }),
  direct: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  gap: fc.constantFrom(0, 5),
})

interface Cutting {
  sizes: number[]
  direct: boolean[]
  gap: number
}

function dissect(bytes: Buffer, { sizes, direct, gap }: Cutting, limits = DEFAULT_LIMITS): RecordedRow[] {
  const sink = createRecordingSink()
  const dissector = createSseDissector(sink, limits)
  let wireOffset = 0
  for (let from = 0, n = 0; from < bytes.length || n === 0; n++) {
    const piece = Buffer.from(bytes.subarray(from, from + (sizes[n % sizes.length]! || (n % 7 === 0 ? 1 : 0))))
    from += piece.length
    const plain = direct[n % direct.length]!
    dissector.feed({ bytes: piece, at: n, wireOffset, wireLength: piece.length, direct: plain })
    piece.fill(0x21)
    wireOffset += piece.length + gap
  }
  dissector.end(9_999, false)
  return sink.rows
}

const WHOLE: Cutting = { sizes: [1_000_000], direct: [true], gap: 0 }

/** The specification, read plainly: the whole text, split into lines. */
function events(bytes: Buffer): { event: string; data: string; id: string }[] {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  lines.pop() // never ended
  const found: { event: string; data: string; id: string }[] = []
  let [event, id] = ['', '']
  let data: string[] = []
  for (const line of lines) {
    const [, field, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line)!
    if (line === '') {
      if (data.length > 0) found.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id })
      event = ''
      data = []
    } else if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return found
}

test('rows do not depend on the cut, and hold the events of the specification', () => {
  fc.assert(
    fc.property(stream, cutting, (bytes, cuts) => {
      bytesSeen += bytes.length
      const whole = dissect(bytes, WHOLE)
      const shown = whole
        .filter((row) => row.kind === 'sse-event' && (row.flags & FLAG.dropped) === 0)
        .map((row) => {
          const raw = bytes.subarray(row.wireOffset, row.wireOffset + row.wireLength)
          const { event, data, lastEventId } = readSseBlock(
            raw,
            (row.details as { id?: string } | null)?.id ?? '',
            false,
          )
          expect(row.payloadLength).toBe(Buffer.byteLength(data))
          return { event, data, id: lastEventId }
        })
      expect(shown).toEqual(events(bytes))

      const same = dissect(bytes, { ...cuts, direct: [true], gap: 0 })
      expect(same.map((row) => ({ ...row, at: 0 }))).toEqual(whole.map((row) => ({ ...row, at: 0 })))
      const pieces = dissect(bytes, cuts)
      expect(
        pieces.map(({ kind, flags, payloadLength, details }) => ({ kind, flags, payloadLength, details })),
      ).toEqual(whole.map(({ kind, flags, payloadLength, details }) => ({ kind, flags, payloadLength, details })))
      pieces.forEach((row, n) => {
        const { wireOffset, wireLength } = whole[n]!
        if (row.content) expect(Buffer.from(row.content)).toEqual(bytes.subarray(wireOffset, wireOffset + wireLength))
      })
    }),
    { numRuns: RUNS },
  )
})

test('small limits hold on any bytes', () => {
  const limits = { ...DEFAULT_LIMITS, sseLine: 5, sseEvent: 12 }
  fc.assert(
    fc.property(
      fc.oneof(
        stream,
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      ),
      cutting,
      (bytes, cuts) => {
        bytesSeen += bytes.length
        const rows = dissect(bytes, cuts, limits)
        for (const { content } of rows) expect(content?.length ?? 0).toBeLessThanOrEqual(limits.sseEvent)
        const same = dissect(bytes, { ...cuts, direct: [true], gap: 0 }, limits)
        expect(same.map((row) => ({ ...row, at: 0 }))).toEqual(
          dissect(bytes, WHOLE, limits).map((row) => ({ ...row, at: 0 })),
        )
      },
    ),
    { numRuns: RUNS },
  )
})

test('that was at least a million of them', () => {
  expect(bytesSeen).toBeGreaterThan(FUZZ_BYTES)
})
