/**
 * What holds for any frames, cut anywhere, and for any bytes at all. Longer with PUSHSCOPE_FUZZ=<runs times as many>.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, FINDINGS, FLAG, OPCODE } from '../../../preload/contract/index.ts'
import { FUZZ, FUZZ_BYTES } from '../testing/fuzz.ts'
import { createRecordingSink } from '../testing/recording-sink.ts'
import { createDeflater } from './deflate.ts'
import { createWebSocketDissector } from './dissector.ts'
import { encodeFrame } from './frame.ts'
import { cuttings } from './testing/cut.ts'
import { describeRow, dissect, type Step } from './testing/rows.ts'
import { createTalk } from './testing/talk.ts'

const DEFLATE = {
  clientNoContextTakeover: false,
  serverNoContextTakeover: false,
  clientMaxWindowBits: 15,
  serverMaxWindowBits: 15,
}

const payload = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  fc.uint8Array({ minLength: 120, maxLength: 300 }),
  fc.integer({ min: 65_500, max: 66_000 }).map((length) => new Uint8Array(length).fill(0x61)),
)
const message = fc.record({
  isText: fc.boolean(),
  text: fc.string({ unit: 'binary', maxLength: 60 }),
  bytes: payload,
  compressed: fc.boolean(),
  /** Where it is cut into fragments. */
  cuts: fc.array(fc.nat(400), { maxLength: 4 }),
  /** A ping in front of each fragment. */
  pings: fc.boolean(),
  key: fc.integer({ min: 1 }),
})
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never

/** The frames of one side, and the rows that they must give. */
function write(messages: readonly Message[], client: boolean): { bytes: Buffer; rows: string[]; contents: Buffer[] } {
  const deflater = createDeflater(15, true)
  const frames: Buffer[] = []
  const rows: string[] = []
  const contents: Buffer[] = []
  let key = 1
  const push = (opcode: number, part: Uint8Array, fin: boolean, rsv: number): void => {
    key = (key * 48_271) % 0x7fffffff
    frames.push(encodeFrame({ opcode, payload: part, fin, rsv, ...(client ? { key } : {}) }))
    rows.push(`ws-frame ${opcode} ${fin} ${part.length}`)
  }
  for (const { isText, text, bytes, compressed, cuts, pings } of messages) {
    const content = isText ? Buffer.from(text, 'utf8') : Buffer.from(bytes)
    const wire = compressed ? deflater.deflate(content) : content
    const points = [...new Set(cuts.filter((at) => at < wire.length))].sort((a, b) => a - b)
    const edges = [0, ...points, wire.length]
    const opcode = isText ? OPCODE.text : OPCODE.binary
    for (let i = 1; i < edges.length; i++) {
      if (pings && i > 1) push(OPCODE.ping, Buffer.from('p'), true, 0)
      const first = i === 1
      push(
        first ? opcode : 0,
        wire.subarray(edges[i - 1], edges[i]),
        i === edges.length - 1,
        first && compressed ? 4 : 0,
      )
    }
    if (edges.length > 2) rows.push(`ws-message ${opcode} ${content.length}`)
    if (edges.length > 2 || compressed) contents.push(content)
  }
  return { bytes: Buffer.concat(frames), rows, contents }
}

const pieces = (bytes: Buffer, cuts: readonly number[], from: 0 | 1): Step[] => {
  const points = [0, ...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return points.slice(1).map((end, i): Step => [from, bytes.subarray(points[i], end)])
}

test('any frames, encoded and cut anywhere, are dissected into the same frames', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 8 }),
      (messages, client, cuts) => {
        const { bytes, rows, contents } = write(messages, client)
        const seen = dissect(pieces(bytes, cuts, client ? 0 : 1), { deflate: DEFLATE })
        expect(seen.flatMap(({ findings }) => findings)).toEqual([])
        expect(
          seen.map(({ kind, code, flags, payloadLength }) =>
            kind === 'ws-frame'
              ? `${kind} ${code} ${(flags & FLAG.fin) !== 0} ${payloadLength}`
              : `${kind} ${code} ${payloadLength}`,
          ),
        ).toEqual(rows)
        expect(seen.flatMap(({ content }) => (content ? [Buffer.from(content)] : []))).toEqual(contents)
        // Each byte of the wire belongs to one frame.
        const frames = seen.filter(({ kind }) => kind === 'ws-frame')
        let at = 0
        for (const { wireOffset, wireLength } of frames) {
          expect(wireOffset).toBe(at)
          at += wireLength
        }
        expect(at).toBe(bytes.length)
      },
    ),
    { numRuns: 300 * FUZZ },
  )
})

describe('hostile bytes', () => {
  const limits = { framePayload: 5_000, message: 10_000, inflated: 10_000 }
  const frames = fc.array(message, { minLength: 1, maxLength: 4 }).map((messages) => write(messages, true).bytes)
  /** Random bytes, real frames with some bytes changed, and both one after another. */
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc.tuple(frames, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 })).map(([whole, changes]) => {
      const changed = Buffer.from(whole)
      for (const [at, byte] of changes) changed[at % changed.length] = byte
      return changed
    }),
  )

  test('never throw, are the same rows however cut, and end in one close row', () => {
    let total = 0
    fc.assert(
      fc.property(bytes, bytes, fc.array(fc.nat(), { maxLength: 6 }), (client, server, cuts) => {
        total += client.length + server.length
        const ends: Step[] = [
          [0, 'end'],
          [1, 'end'],
        ]
        const cut = (at: readonly number[]): string[] =>
          dissect([...pieces(Buffer.from(client), at, 0), ...pieces(Buffer.from(server), at, 1), ...ends], {
            deflate: DEFLATE,
            limits,
          }).map(describeRow)
        const whole = cut([])
        expect(cut(cuts)).toEqual(whole)
        expect(whole.filter((row) => row.split(' ')[1] === 'close')).toHaveLength(1)
      }),
      { numRuns: 1_000 * FUZZ },
    )
    expect(total).toBeGreaterThan(FUZZ_BYTES)
  })

  test('an endpoint of either role ends the talk once and holds no more than its limits', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('client' as const, 'server' as const),
        fc.array(fc.nat(), { maxLength: 6 }),
        (all, role, cuts) => {
          const talk = createTalk({ role, deflate: DEFLATE, limits })
          for (const [, piece] of pieces(Buffer.from(all), cuts, 0)) talk.endpoint.feed(piece as Uint8Array)
          expect(talk.told.filter((line) => line === 'finish').length).toBe(talk.endpoint.state === 'closed' ? 1 : 0)
          for (const line of talk.told) expect(line.length).toBeLessThan(100_000)
          talk.endpoint.dispose()
        },
      ),
      { numRuns: 500 * FUZZ },
    )
  })

  test('a message that never ends is not kept beyond the limit', () => {
    const sink = createRecordingSink()
    const dissector = createWebSocketDissector(sink, { deflate: null }, { ...DEFAULT_LIMITS, message: 100_000 }, [0, 0])
    const before = process.memoryUsage().arrayBuffers
    const chunk = new Uint8Array(65_536)
    dissector.feed(1, encodeFrame({ opcode: 2, fin: false, payload: chunk }), 0)
    for (let i = 0; i < 500; i++) dissector.feed(1, encodeFrame({ opcode: 0, fin: false, payload: chunk }), i)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 << 20)
    expect(sink.rows.filter(({ findings }) => findings.some(({ id }) => id === 'ws-too-large'))).toHaveLength(1)
  })
})

interface Case {
  id: string
  tx_hex: string[]
  expectedClose: { closeCode: number[]; closedByMe: boolean; requireClean: boolean }
}
const { cases } = JSON.parse(readFileSync(new URL('./testdata/frame-cases.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

describe('the frame cases, dissected', () => {
  test.each(cases)('$id', ({ tx_hex, expectedClose }) => {
    const bytes = Buffer.from(tx_hex.join(''), 'hex')
    const rows = (parts: readonly Uint8Array[]) => dissect([...parts.map((part): Step => [0, part]), [0, 'end']])
    const whole = rows([bytes])
    for (const { name, pieces } of cuttings(bytes)) {
      expect(rows(pieces).map(describeRow), name).toEqual(whole.map(describeRow))
    }
    // A fault where the suite wants the connection failed, and only there; what follows a close frame is told too.
    const faults = whole
      .flatMap(({ findings }) => findings.map(({ id }) => id))
      .filter((id) => FINDINGS[id].severity === 'fault' && id !== 'ws-after-close' && id !== 'ws-cut-frame')
    expect(faults.length > 0).toBe(expectedClose.closeCode.some((code) => code === 1002 || code === 1007))
    if (expectedClose.closeCode[0] === 1007) expect(faults.every((id) => id === 'ws-utf8')).toBe(true)
  })
})
