/** Where a row lies in time and in the byte stream of its connection, as key/value lines. Pure. */
import type { Arrival, Handshake, Kind, RowDetail, RowSummary } from '../../../../preload/contract/index.ts'
import { formatBytes, formatCount, formatDuration, formatTime } from '../../../format/index.ts'
import { addresses } from '../handshake/connection-facts.ts'
import type { Fact } from '../parts/fact.ts'
import { rowAway } from '../parts/related.ts'

/** Words for the last row of the same kind. */
const LIKE: Partial<Record<Kind, string>> = {
  'http-request': 'request',
  'http-response': 'response',
  'http-body': 'body piece',
  'ws-frame': 'frame',
  'ws-message': 'message',
  'sse-event': 'event',
  'sse-comment': 'comment',
  'script-call': 'script',
  poll: 'poll',
}

/** `before`: rows before this one, in order. */
export function timeFacts(detail: RowDetail, before: readonly RowSummary[]): Fact[] {
  const last = previousOf(detail, before)
  const like = previousOf(
    detail,
    before.filter((row) => row.kind === detail.kind),
  )
  const since = (label: string, row: RowSummary, note: string): Fact => ({
    label,
    value: rowAway(row.seq, row.time - detail.time),
    seq: row.seq,
    note,
  })
  return [
    { label: 'at', value: formatTime(0, detail.at) },
    { label: 'UTC', value: detail.at },
    { label: 'since the start', value: formatDuration(detail.time) },
    ...(last ? [since('since last row', last, 'Of the same sender on this connection.')] : []),
    ...(like && like !== last
      ? [since(`since last ${LIKE[detail.kind] ?? 'like it'}`, like, 'From the same sender.')]
      : []),
  ]
}

export function placeFacts(detail: RowDetail, handshake: Handshake | null): Fact[] {
  const connect = handshake?.connect
  const ends = connect ? addresses(connect) : null
  if (detail.connection === 0)
    return [{ label: 'connection', value: 'none: it is about the whole capture', look: 'words' }]
  const facts: Fact[] = [
    {
      label: 'connection',
      value: ends ? `#${detail.connection} · ${ends.client} → ${ends.server}` : `#${detail.connection}`,
    },
  ]
  if (detail.streamOffset === null) {
    facts.push({ label: 'on the wire', value: 'nothing: this row was not sent by anyone', look: 'words' })
    return facts
  }
  const end = detail.streamOffset + Math.max(0, detail.sizes.wire - 1)
  facts.push({
    label: 'stream offset',
    value: `${formatCount(detail.streamOffset)} … ${formatCount(end)}`,
    note: `Counted from the first byte that the ${detail.from} sent on this connection.`,
  })
  facts.push({ label: 'arrived in', value: arrivalWords(detail.arrivals) })
  return facts
}

/** `1 chunk (11 B)`, `3 chunks (1 460 B, 1 460 B, 80 B) over 1.20 ms`. */
export function arrivalWords(arrivals: readonly Arrival[]): string {
  const [first] = arrivals
  const last = arrivals.at(-1)
  if (!first || !last) return 'not recorded'
  const sizes = arrivals.slice(0, 4).map((arrival) => formatBytes(arrival.length))
  const list = `${sizes.join(', ')}${arrivals.length > 4 ? ', …' : ''}`
  if (arrivals.length === 1) return `1 chunk (${list})`
  return `${formatCount(arrivals.length)} chunks (${list}) over ${formatDuration(last.time - first.time)}`
}

/** The last row of the same sender and connection before this one. */
export function previousOf(detail: RowSummary, before: readonly RowSummary[]): RowSummary | null {
  return (
    before.findLast(
      (row) => row.seq < detail.seq && row.from === detail.from && row.connection === detail.connection,
    ) ?? null
  )
}
