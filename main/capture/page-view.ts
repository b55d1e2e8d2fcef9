/** A page as readers see it, open, waiting for the writer or out of the file. Reading a range of a stream. */
import type { PageDetails } from './details.ts'
import type { Narrow, Segments, Wide } from './row.ts'

export interface PageView {
  readonly id: number
  readonly firstSeq: number
  /** Rows. */
  readonly count: number
  readonly narrow: Narrow
  readonly wide: Wide
  readonly segments: Segments
  readonly segmentCount: number
  readonly bytes: Uint8Array
  readonly content: Uint8Array
  readonly details: Pick<PageDetails, 'at' | 'findings'>
}

/** One piece of a stream in a page: `bytes` is a view, not a copy. */
export interface Piece {
  time: number
  streamOffset: number
  bytes: Uint8Array
}

/** Calls `visit` for each piece of [start, end) of a stream that lies in the page, in order. */
export function eachPiece(
  page: PageView,
  connection: number,
  from: number,
  start: number,
  end: number,
  visit: (piece: Piece) => void,
): void {
  const { segments } = page
  for (let i = firstSegment(page, connection, from, start); i < page.segmentCount; i++) {
    if (segments.connection[i] !== connection || segments.from[i] !== from) continue
    const offset = segments.streamOffset[i]!
    if (offset >= end) return
    const stop = offset + segments.length[i]!
    if (stop <= start) continue
    const low = Math.max(start, offset)
    const high = Math.min(end, stop)
    const at = segments.start[i]! + (low - offset)
    visit({ time: segments.time[i]!, streamOffset: low, bytes: page.bytes.subarray(at, at + (high - low)) })
  }
}

/** The range when it lies in one segment of the page, as a view; else null. */
export function onePiece(
  page: PageView,
  connection: number,
  from: number,
  start: number,
  end: number,
): Uint8Array | null {
  const i = segmentOf(page, connection, from, start, end)
  if (i < 0) return null
  const at = placeIn(page, i, start)
  return page.bytes.subarray(at, at + (end - start))
}

/** The segment that holds the whole of [start, end) of a stream; -1 when none does. Allocates nothing: for scans. */
export function segmentOf(page: PageView, connection: number, from: number, start: number, end: number): number {
  const { segments } = page
  for (let i = firstSegment(page, connection, from, start); i < page.segmentCount; i++) {
    if (segments.connection[i] !== connection || segments.from[i] !== from) continue
    const offset = segments.streamOffset[i]!
    if (offset > start) return -1
    const stop = offset + segments.length[i]!
    if (stop <= start) continue
    if (stop < end) return -1
    last.page = page
    last.segment = i
    return i
  }
  return -1
}

/** Where in the page's bytes a stream offset lies that the segment holds. */
export const placeIn = ({ segments }: PageView, segment: number, offset: number): number =>
  segments.start[segment]! + (offset - segments.streamOffset[segment]!)

/** Rows are read in order more often than not, so a search begins where the last one ended. */
const last: { page: PageView | null; segment: number } = { page: null, segment: 0 }

function firstSegment(page: PageView, connection: number, from: number, start: number): number {
  const i = last.segment
  const { segments } = page
  const usable =
    last.page === page &&
    segments.connection[i] === connection &&
    segments.from[i] === from &&
    segments.streamOffset[i]! <= start
  return usable ? i : 0
}
