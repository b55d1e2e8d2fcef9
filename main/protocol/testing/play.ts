/**
 * Plays a written session into a connection dissector: whole, byte by byte, or cut at any point, and gives the rows
 * in a form that does not depend on the cuts. For tests alone.
 */
import {
  DEFAULT_LIMITS,
  FLAG,
  type DetailsByKind,
  type Limits,
  type Technique,
} from '../../../preload/contract/index.ts'
import { createConnectionDissector } from '../connection.ts'
import type { Sender } from '../row-sink.ts'
import { createRecordingSink, type RecordedRow } from './recording-sink.ts'

/** What a side sends, in one piece unless cut; or that it ends. */
type Sent = string | Uint8Array | typeof END | typeof RESET
export type Step = readonly [from: Sender, sent: Sent]
export const END = Symbol('end')
/** Or that its connection broke. */
export const RESET = Symbol('reset')

export const client = (sent: Sent): Step => [0, sent]
export const server = (sent: Sent): Step => [1, sent]

export interface Play {
  steps: readonly Step[]
  technique?: Technique | null
  limits?: Partial<Limits>
}

/** Cuts one step's bytes into pieces. */
export type Cut = (bytes: Uint8Array) => Uint8Array[]

export const whole: Cut = (bytes) => [bytes]
export const byteByByte: Cut = (bytes) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
export const cutAt =
  (point: number): Cut =>
  (bytes) =>
    point < bytes.length ? [bytes.subarray(0, point), bytes.subarray(point)] : [bytes]

export const isEnd = (sent: Sent): sent is typeof END | typeof RESET => sent === END || sent === RESET

export const toBytes = (sent: string | Uint8Array): Uint8Array =>
  typeof sent === 'string' ? Buffer.from(sent, 'latin1') : sent

/** Step n happens at n milliseconds. */
export function play({ steps, technique = null, limits = {} }: Play, cut: Cut = whole): RecordedRow[] {
  const sink = createRecordingSink()
  const dissector = createConnectionDissector(sink, { technique, limits: { ...DEFAULT_LIMITS, ...limits } })
  steps.forEach(([from, sent], index) => {
    const at = (index + 1) * 1000
    if (isEnd(sent)) {
      dissector.end(from, at, sent === RESET)
      return
    }
    // a buffer that is overwritten after the call, as sockets do
    for (const piece of cut(toBytes(sent))) {
      const lent = Uint8Array.from(piece)
      dissector.feed(from, lent, at)
      lent.fill(0xee)
    }
  })
  return sink.rows
}

export const longest = ({ steps }: Play): number =>
  Math.max(...steps.map(([, sent]) => (isEnd(sent) ? 0 : toBytes(sent).length)))

/** All the bytes that a side sends. */
export const streamOf = ({ steps }: Play, side: Sender): Uint8Array =>
  Buffer.concat(steps.flatMap(([from, sent]) => (from === side && !isEnd(sent) ? [toBytes(sent)] : [])))

const SIDES = ['C', 'S']

/** `C http-request GET /clock 0+38`: a row in one line, for reading. */
export function lineOf(row: RecordedRow): string {
  const words: string[] = [SIDES[row.from]!, row.kind]
  const details = (row.details ?? {}) as Record<string, unknown>
  if (row.kind === 'http-request') words.push(String(details.method), String(details.target))
  if (row.kind === 'http-response') words.push(String(row.code), `for ${String(details.requestSeq)}`)
  if (row.kind === 'http-body') words.push(String(details.framing))
  words.push(`${row.wireOffset}+${row.wireLength}`)
  if (row.payloadLength > 0) words.push(`payload ${row.payloadLength}`)
  if (row.content !== null) words.push(`content ${JSON.stringify(Buffer.from(row.content).toString('latin1'))}`)
  if ((row.flags & FLAG.compressed) !== 0) words.push('compressed')
  if ((row.flags & FLAG.truncated) !== 0) words.push('truncated')
  for (const { id, note } of row.findings) words.push(note === '' ? `!${id}` : `!${id}(${note})`)
  return words.join(' ')
}

/**
 * Rows without what rightly depends on the cuts. Bodies framed by length or by the end of the connection, and bytes
 * that are kept as bytes, come a row per piece; here each such run is one entry, behind all other rows. The parts of
 * a large chunk are one row again.
 */
export function cutFree(rows: readonly RecordedRow[]): unknown[] {
  const kept: RecordedRow[] = []
  const runs = new Map<string, RecordedRow>()
  const numbers = new Map<number, number>()
  const lastHead = [0, 0]
  const lastChunk: (RecordedRow | undefined)[] = []
  for (const row of rows) {
    const { framing, dataAt } = (row.details ?? {}) as Partial<DetailsByKind['http-body']>
    const chunk = lastChunk[row.from]
    if (row.kind === 'note' || (row.kind === 'http-body' && framing !== 'chunked')) {
      const key = `${row.from} ${row.kind} ${lastHead[row.from]}`
      const run = runs.get(key)
      if (run === undefined) runs.set(key, { ...row, findings: [...row.findings] })
      else extend(run, row)
    } else if (framing === 'chunked' && dataAt === undefined && chunk !== undefined) {
      extend(chunk, row)
      numbers.set(row.seq, kept.indexOf(chunk) + 1)
    } else {
      const copy = { ...row, findings: [...row.findings] }
      kept.push(copy)
      numbers.set(row.seq, kept.length)
      if (row.kind === 'http-request' || row.kind === 'http-response') {
        lastHead[row.from] = kept.length
        lastChunk[row.from] = undefined
      }
      if (framing === 'chunked') lastChunk[row.from] = copy
    }
  }
  const last = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run)
  return [...kept, ...last].map((row) => renumbered(row, numbers))
}

function extend(run: RecordedRow, row: RecordedRow): void {
  if (run.wireOffset + run.wireLength !== row.wireOffset) throw new Error(`a gap before row ${row.seq}`)
  if (row.kind !== 'note') run.at = row.at // the rest of lost bytes is told at the end only
  run.wireLength += row.wireLength
  run.payloadLength += row.payloadLength
  run.flags |= row.flags
  run.findings.push(...row.findings)
  if (row.content !== null) run.content = Buffer.concat([run.content ?? new Uint8Array(0), row.content])
}

function renumbered(row: RecordedRow, numbers: ReadonlyMap<number, number>): unknown {
  const { seq, details, content, ...rest } = row
  const seqs = Object.entries(details ?? {}).map(([name, value]) => {
    const isSeq = /seq$/i.test(name) && typeof value === 'number'
    return [name, isSeq ? (numbers.get(value) ?? value) : value]
  })
  return {
    seq: numbers.get(seq) ?? 0,
    ...rest,
    content: content === null ? null : Buffer.from(content).toString('latin1'),
    details: Object.fromEntries(seqs) as unknown,
  }
}
