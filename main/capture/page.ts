/**
 * The page that is being filled: preallocated columns and bytes in shared memory, so that the writer's thread and
 * this one see the same page without a copy, and pages are used again. See page-view.ts for how pages are read.
 */
import { columnsOn, packColumns, rowBytes } from './columns.ts'
import { createPageDetails, type Details, type PageDetails } from './details.ts'
import type { PageView } from './page-view.ts'
import { NARROW, PAGE_BYTES, PAGE_CONTENT, PAGE_ROWS, PAGE_SEGMENTS, SEGMENT, WIDE } from './row.ts'
import type { Narrow, Segments, Wide } from './row.ts'

/** The part of one stream that lies in a page; always one piece, since bytes come in order. */
export interface Span {
  connection: number
  from: number
  start: number
  end: number
}

export interface OpenPage extends PageView {
  id: number
  firstSeq: number
  count: number
  segmentCount: number
  byteCount: number
  contentCount: number
  content: Uint8Array
  readonly details: PageDetails
  readonly memory: PageMemory
  /** By `spanKey`. */
  readonly spans: Map<number, Span>
}

/** What a page is made of; used again when the page is stored. */
export interface PageMemory {
  readonly narrow: Narrow
  readonly wide: Wide
  readonly segments: Segments
  readonly bytes: Uint8Array
  /** Most pages need none, so it is made on demand. */
  content: Uint8Array
  /** The columns of details and content are zero, as a row without them wants it: plain frames never touch them. */
  clean: boolean
}

export const spanKey = (connection: number, from: number): number => connection * 2 + from

export function createPageMemory(): PageMemory {
  const sizes = [rowBytes(NARROW) * PAGE_ROWS, rowBytes(WIDE) * PAGE_ROWS, rowBytes(SEGMENT) * PAGE_SEGMENTS] as const
  const buffer = new SharedArrayBuffer(sizes[0] + sizes[1] + sizes[2] + PAGE_BYTES)
  return {
    narrow: columnsOn(NARROW, buffer, 0, PAGE_ROWS),
    wide: columnsOn(WIDE, buffer, sizes[0], PAGE_ROWS),
    segments: columnsOn(SEGMENT, buffer, sizes[0] + sizes[1], PAGE_SEGMENTS),
    bytes: new Uint8Array(buffer, sizes[0] + sizes[1] + sizes[2], PAGE_BYTES),
    content: new Uint8Array(0),
    clean: true,
  }
}

export function createOpenPage(id: number, firstSeq: number, memory: PageMemory): OpenPage {
  const details = createPageDetails()
  if (!memory.clean) {
    memory.wide.detail.fill(0)
    memory.wide.contentOffset.fill(0)
    memory.wide.contentLength.fill(0)
    memory.clean = true
  }
  return {
    id,
    firstSeq,
    count: 0,
    narrow: memory.narrow,
    wide: memory.wide,
    segments: memory.segments,
    segmentCount: 0,
    bytes: memory.bytes,
    byteCount: 0,
    content: memory.content,
    contentCount: 0,
    details,
    memory,
    spans: new Map(),
  }
}

/** Copies as much of a chunk as fits; returns how much that was. */
export function appendBytes(
  page: OpenPage,
  connection: number,
  from: number,
  streamOffset: number,
  chunk: Uint8Array,
  at: number,
): number {
  const room = PAGE_BYTES - page.byteCount
  if (room === 0 || page.segmentCount === PAGE_SEGMENTS) return 0
  const length = Math.min(room, chunk.length)
  page.bytes.set(length === chunk.length ? chunk : chunk.subarray(0, length), page.byteCount)
  const { segments } = page
  const i = page.segmentCount++
  segments.time[i] = at
  segments.connection[i] = connection
  segments.from[i] = from
  segments.streamOffset[i] = streamOffset
  segments.start[i] = page.byteCount
  segments.length[i] = length
  page.byteCount += length

  const key = spanKey(connection, from)
  const span = page.spans.get(key)
  if (span) span.end = streamOffset + length
  else page.spans.set(key, { connection, from, start: streamOffset, end: streamOffset + length })
  return length
}

/** Details of a row of the page. */
export function setDetails(page: OpenPage, row: number, details: Details): void {
  page.memory.clean = false
  page.wide.detail[row] = page.details.add(details)
}

/** Keeps content for a row of the page; grows past PAGE_CONTENT for a large one. */
export function appendContent(page: OpenPage, row: number, bytes: Uint8Array): void {
  const end = page.contentCount + bytes.length
  if (end > page.content.length) {
    const grown = new Uint8Array(new SharedArrayBuffer(Math.max(end, PAGE_CONTENT / 4, page.content.length * 2)))
    grown.set(page.content.subarray(0, page.contentCount))
    page.content = grown
    if (grown.length <= PAGE_CONTENT) page.memory.content = grown
  }
  page.content.set(bytes, page.contentCount)
  page.memory.clean = false
  page.wide.contentOffset[row] = page.contentCount
  page.wide.contentLength[row] = bytes.length
  page.contentCount = end
}

/** What the writer is told besides the page itself. */
export interface PageSummary {
  /** Bit k: a row of kind k is there. */
  kinds: number
  /** Flags set on any row. */
  flags: number
  /** Connections whose first row is here. */
  begun: [connection: number, seq: number][]
  /** Running totals at the page's end, JSON. */
  totals: string
}

/** A page as it goes to the writer's thread: views on shared memory and counts. */
export interface PagePacket extends PageSummary {
  id: number
  firstSeq: number
  count: number
  narrow: Narrow
  wide: Wide
  segments: Segments
  segmentCount: number
  bytes: Uint8Array
  content: Uint8Array
  details: string
  spans: Span[]
}

export const packPage = (page: OpenPage, summary: PageSummary): PagePacket => ({
  ...summary,
  id: page.id,
  firstSeq: page.firstSeq,
  count: page.count,
  narrow: page.narrow,
  wide: page.wide,
  segments: page.segments,
  segmentCount: page.segmentCount,
  bytes: page.bytes.subarray(0, page.byteCount),
  content: page.content.subarray(0, page.contentCount),
  details: page.details.encode(),
  spans: [...page.spans.values()],
})

/** The blobs of a page, as they stand in the file. */
export const packBlobs = (page: PagePacket) => ({
  narrow: packColumns(page.narrow, page.count),
  wide: packColumns(page.wide, page.count),
  segments: packColumns(page.segments, page.segmentCount),
})
