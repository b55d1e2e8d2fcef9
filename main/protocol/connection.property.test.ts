/**
 * Bytes that nobody wrote by hand: random ones and sessions with mutations, cut at random. Nothing throws, every
 * byte of a direction lies in one row, and the rows do not depend on the cuts.
 *
 * A run covers more than a million bytes; PUSHSCOPE_FUZZ=20 makes it twenty times as long.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Technique } from '../../preload/contract/index.ts'
import type { Sender } from './row-sink.ts'
import { FUZZ, FUZZ_BYTES } from './testing/fuzz.ts'
import { HTTP_SESSIONS } from './testing/http-sessions.ts'
import { cutFree, END, isEnd, play, RESET, streamOf, toBytes, type Cut, type Play, type Step } from './testing/play.ts'
import type { RecordedRow } from './testing/recording-sink.ts'
import { UPGRADE_SESSIONS } from './testing/upgrade-sessions.ts'

const LIMITS = { headBytes: 2000, headerCount: 20, sseLine: 500, sseEvent: 1000, script: 500, inflated: 100_000 }
const SESSIONS = [...HTTP_SESSIONS, ...UPGRADE_SESSIONS].map(({ session }) => session)

/** Kinds that between them hold each byte of a direction, as long as it is HTTP or nothing known. */
const HOLDERS = new Set(['http-request', 'http-response', 'http-body', 'note'])
const FRAMES = new Set(['ws-frame', 'ws-message'])

const technique = fc.constantFrom<Technique | null>(
  null,
  'polling',
  'long-polling',
  'iframe-stream',
  'sse',
  'websocket',
)

/** Cuts by a list of lengths, again and again. */
const cut: fc.Arbitrary<Cut> = fc
  .array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 })
  .map((lengths) => (bytes) => {
    const pieces: Uint8Array[] = []
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const length = lengths[turn % lengths.length]!
      pieces.push(bytes.subarray(at, at + length))
      at += length
    }
    return pieces
  })

/** Words that lead deep into a parser. */
const word = fc.constantFrom(
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    '0\r\n\r\n',
    '5\r\nhello\r\n',
    ': ',
    ';',
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
  ],
  ...['Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Content-Encoding: gzip\r\n', 'Connection: close\r\n'],
  ...[
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n',
    'Upgrade: websocket\r\n',
    '\x1f\x8b\x08\0',
  ],
  ...['CONNECT a:1 HTTP/1.1\r\n\r\n', 'HEAD / HTTP/1.1\r\n\r\n', 'Content-Type: text/event-stream\r\n', 'data: x\n\n'],
  ...['Content-Type: text/html\r\n', '<script>parent.a(1)</script>', '\x81\x02hi', '\xff'.repeat(30), 'f'.repeat(20)],
)
const bytesOf = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(word, { maxLength: 30 }).map((words) => toBytes(words.join(''))),
)
const sender = fc.constantFrom<Sender>(0, 1)
const step: fc.Arbitrary<Step> = fc.tuple(sender, bytesOf)
const ENDS: readonly Step[] = [
  [0, END],
  [1, END],
]
const RESETS: readonly Step[] = [
  [1, RESET],
  [0, END],
]
const ends = fc.constantFrom(ENDS, ENDS.toReversed(), RESETS)

const soup: fc.Arbitrary<Play> = fc
  .tuple(fc.array(step, { maxLength: 40 }), ends, technique)
  .map(([steps, last, known]) => ({ steps: [...steps, ...last], technique: known, limits: LIMITS }))

const mutation = fc.record({
  step: fc.nat(),
  at: fc.nat(),
  how: fc.constantFrom('flip', 'insert', 'remove', 'repeat', 'drop'),
  byte: fc.integer({ min: 0, max: 255 }),
  word,
})

const mutated: fc.Arbitrary<Play> = fc
  .tuple(fc.constantFrom(...SESSIONS), fc.array(mutation, { maxLength: 5 }), ends, technique)
  .map(([session, mutations, last, known]) => {
    const steps: Step[] = session.steps.filter(([, sent]) => !isEnd(sent))
    for (const { step: where, at, how, byte, word: text } of mutations) {
      const index = where % steps.length
      const [from, sent] = steps[index]!
      const bytes = toBytes(sent as string | Uint8Array)
      const point = at % (bytes.length + 1)
      const [before, after] = [bytes.subarray(0, point), bytes.subarray(point)]
      const changed = {
        flip: () => [before, Uint8Array.of(byte), after.subarray(1)],
        insert: () => [before, toBytes(text), after],
        remove: () => [before, after.subarray(1 + (byte % 20))],
        repeat: () => [before, before, after],
        drop: () => [],
      }[how]()
      steps[index] = [from, Buffer.concat(changed)]
    }
    return { steps: [...steps, ...last], technique: known, limits: LIMITS }
  })

/** Every byte of both directions lies in one row, but for empty lines between messages; frames take over from HTTP. */
function expectCovered(session: Play, rows: readonly RecordedRow[]): void {
  for (const side of [0, 1] as const) {
    const stream = streamOf(session, side)
    let at = 0
    let frames = false
    for (const row of rows) {
      if (row.from !== side) continue
      expect(row.wireOffset + row.wireLength).toBeLessThanOrEqual(stream.length)
      if (FRAMES.has(row.kind)) frames = true
      if (!HOLDERS.has(row.kind) || frames) continue
      const between = Buffer.from(stream.subarray(at, row.wireOffset)).toString('latin1')
      expect(between).toMatch(/^[\r\n]*$/)
      expect(row.wireOffset).toBeGreaterThanOrEqual(at)
      at = row.wireOffset + row.wireLength
    }
    const upgraded = rows.some(({ kind, code }) => kind === 'http-response' && code === 101)
    if (!upgraded) expect(at).toBe(stream.length)
  }
}

let bytesSeen = 0
const count = ({ steps }: Play): void => {
  for (const [, sent] of steps) if (!isEnd(sent)) bytesSeen += toBytes(sent).length
}

describe('any bytes', () => {
  test.each([
    ['random bytes and words', soup, 4000],
    ['sessions with mutations', mutated, 4000],
  ])('%s: covered, and the same however they are cut', (_, sessions, runs) => {
    fc.assert(
      fc.property(sessions, cut, (session, cutting) => {
        count(session)
        const whole = play(session)
        expectCovered(session, whole)
        const pieces = play(session, cutting)
        expectCovered(session, pieces)
        // how much of corrupt data still inflates depends on the pieces
        const corrupt = whole.some(({ findings }) => findings.some(({ id }) => id === 'http-content-coding'))
        if (!corrupt) expect(cutFree(pieces)).toEqual(cutFree(whole))
      }),
      { numRuns: runs * FUZZ },
    )
  })

  test('that was at least a million of them', () => {
    expect(bytesSeen).toBeGreaterThan(FUZZ_BYTES)
  })
})
