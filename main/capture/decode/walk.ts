/** Looking around a row: forth and back along its connection, within bounds, on columns alone. */
import { FLAG, KIND, OPCODE } from '../../../preload/contract/index.ts'
import type { PageView } from '../page-view.ts'
import type { Pages } from '../pages.ts'
import { detailsOf, rowAt, type Row } from './row.ts'

/** Rows looked at in one search; further away a relation is not shown. */
export const REACH = 50_000

/** The row with that seq; null when there is none. */
export function rowOf(pages: Pages, seq: number): Row | null {
  const page = pages.pageOf(seq)
  return page ? rowAt(page, seq - page.firstSeq) : null
}

/**
 * The first row from `seq` on (`step` 1) or back (-1) for which `test` answers true. `test` sees page and index, so
 * that it can look at columns without an object per row; it may answer null to give up.
 */
export function find(
  pages: Pages,
  seq: number,
  step: 1 | -1,
  test: (page: PageView, index: number) => boolean | null,
  reach: number = REACH,
): Row | null {
  let page: PageView | null = null
  const last = step === 1 ? Math.min(pages.rows, seq + reach) : Math.max(1, seq - reach)
  for (let at = seq; step === 1 ? at <= last : at >= last; at += step) {
    if (!page || at < page.firstSeq || at >= page.firstSeq + page.count) page = pages.pageOf(at)
    if (!page) return null
    const found = test(page, at - page.firstSeq)
    if (found === null) return null
    if (found) return rowAt(page, at - page.firstSeq)
  }
  return null
}

/**
 * The last row of one kind up to `seq` for which `test` answers true. Pages without that kind are passed over unread
 * and do not count as looked at, so that the head of a long stream is found from its end.
 */
export function lastOfKind(
  pages: Pages,
  seq: number,
  kind: number,
  test: (page: PageView, index: number) => boolean,
): Row | null {
  const { index } = pages
  let left = REACH
  for (let at = seq; at >= 1 && left > 0;) {
    const id = index.pageOf(at)
    const first = id > 0 ? index.firstSeq(id) : index.rows + 1
    const length = at - first + 1
    if (id === 0 || (index.kinds(id) & (1 << kind)) !== 0) {
      const isIt = (page: PageView, i: number): boolean => page.narrow.kind[i] === kind && test(page, i)
      const found = find(pages, at, -1, isIt, Math.min(length, left) - 1)
      if (found) return found
      left -= length
    }
    at = first - 1
  }
  return null
}

/** The frames of one fragmented message. */
export interface Fragments {
  /** Seqs, in order. */
  frames: number[]
  /** Its last frame came. */
  complete: boolean
}

/** Where the message of a fragment begins, as seq; null for a whole message, or where its first frame is unknown. */
export function firstFragmentOf(row: Row): number | null {
  if (row.kind === 'ws-message') return detailsOf(row, 'ws-message').firstSeq ?? null
  if (row.kind !== 'ws-frame' || row.code > OPCODE.binary) return null
  if (row.code === OPCODE.continuation) return detailsOf(row, 'ws-frame').messageSeq ?? null
  return (row.flags & FLAG.fin) === 0 ? row.seq : null
}

/** Of a data frame that is a fragment, or of a message; null for a whole one, or where its first frame is unknown. */
export function fragmentsOf(pages: Pages, row: Row): Fragments | null {
  const first = firstFragmentOf(row)
  return first === null ? null : collect(pages, first)
}

function collect(pages: Pages, firstSeq: number): Fragments | null {
  const first = rowOf(pages, firstSeq)
  if (!first || first.kind !== 'ws-frame') return null
  const frames: number[] = []
  let complete = false
  find(pages, firstSeq, 1, ({ narrow, firstSeq: start }, i) => {
    if (narrow.connection[i] !== first.connection || narrow.from[i] !== first.sender) return false
    if (narrow.kind[i] !== KIND['ws-frame'] || narrow.code[i]! > OPCODE.binary) return false
    // a new message began before this one was finished
    if (frames.length > 0 && narrow.code[i] !== OPCODE.continuation) return null
    frames.push(start + i)
    complete = (narrow.flags[i]! & FLAG.fin) !== 0
    return complete
  })
  return { frames, complete }
}
