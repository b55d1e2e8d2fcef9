/** Test support: a WebSocket dissector over given bytes, and its rows as short lines that read like a transcript. */
import { DEFAULT_LIMITS, FLAG, type Limits } from '../../../../preload/contract/index.ts'
import type { Sender } from '../../row-sink.ts'
import { createRecordingSink, type RecordedRow } from '../../testing/recording-sink.ts'
import { createWebSocketDissector } from '../dissector.ts'
import type { DeflateParameters } from '../extensions.ts'

export type Step = readonly [from: Sender, bytes: Uint8Array] | readonly [from: Sender, end: 'end']

export interface DissectOptions {
  deflate?: DeflateParameters | null
  limits?: Partial<Limits>
  offsets?: readonly [number, number]
}

export function dissect(
  steps: Iterable<Step>,
  { deflate = null, limits, offsets = [0, 0] }: DissectOptions = {},
): RecordedRow[] {
  const sink = createRecordingSink()
  const dissector = createWebSocketDissector(sink, { deflate }, { ...DEFAULT_LIMITS, ...limits }, offsets)
  let at = 0
  for (const [from, bytes] of steps) {
    at += 1
    if (bytes === 'end') dissector.end(from, at)
    // A copy that is destroyed afterwards: what the dissector keeps must be its own.
    else {
      const lent = Uint8Array.from(bytes)
      dissector.feed(from, lent, at)
      lent.fill(0x55)
    }
  }
  return sink.rows
}

const FLAGS = (['fin', 'rsv1', 'rsv2', 'rsv3', 'masked', 'compressed', 'truncated'] as const).filter(
  (name) => FLAG[name],
)

/** `client ws-frame 1 fin+masked 0+11 5 "Hello" {…} !ws-utf8` */
export function describeRow(row: RecordedRow): string {
  const flags = FLAGS.filter((name) => (row.flags & FLAG[name]) !== 0).join('+')
  return [
    row.from === 0 ? 'client' : 'server',
    row.kind,
    row.code,
    flags || '-',
    `${row.wireOffset}+${row.wireLength}`,
    row.payloadLength,
    ...(row.content ? [JSON.stringify(Buffer.from(row.content).toString('utf8'))] : []),
    ...(row.details ? [JSON.stringify(row.details)] : []),
    ...row.findings.map(({ id, note }) => `!${id}${note ? ` (${note})` : ''}`),
  ].join(' ')
}
