/** Rows that belong with a row, as lines of a key/value list with links. */
import type { RowDetail } from '../../../../preload/contract/index.ts'
import { formatDuration } from '../../../format/index.ts'
import type { Fact } from './fact.ts'

/** Rows listed at most. */
const LISTED = 24

/** `delta` is µs from the row at hand to the one with that seq: `#1042 after 410 µs`, `#1040 410 µs before`. */
export function rowAway(seq: number, delta: number): string {
  // Clocks count µs: below half a one nothing tells which came first.
  if (Math.abs(delta) < 0.5) return `#${seq} at the same moment`
  return delta < 0 ? `#${seq} ${formatDuration(-delta)} before` : `#${seq} after ${formatDuration(delta)}`
}

/** `answered by  #1042 after 410 µs` */
export function relatedFacts(related: RowDetail['related']): Fact[] {
  const facts: Fact[] = related.slice(0, LISTED).map(({ label, seq, delta }) => ({
    label,
    seq,
    value: rowAway(seq, delta),
  }))
  const more = related.length - LISTED
  return more > 0 ? [...facts, { label: 'and', value: `${more} more`, look: 'words' }] : facts
}
