/** Rows that belong with a row, as lines of a key/value list with links. */
import type { RowDetail } from '../../../../preload/contract/index.ts'
import { formatDuration } from '../../../format/index.ts'
import type { Fact } from './fact.ts'

/** Rows listed at most. */
const LISTED = 24

/** `answered by  #1042 after 0.41 ms`; a row that came earlier reads `#1040 0.41 ms before`. */
export function relatedFacts(related: RowDetail['related']): Fact[] {
  const facts: Fact[] = related.slice(0, LISTED).map(({ label, seq, delta }) => ({
    label,
    seq,
    value: delta < 0 ? `#${seq} ${formatDuration(-delta)} before` : `#${seq} after ${formatDuration(delta)}`,
  }))
  const more = related.length - LISTED
  return more > 0 ? [...facts, { label: 'and', value: `${more} more`, look: 'words' }] : facts
}
