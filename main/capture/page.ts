/**
 * The page that is being filled: preallocated columns and bytes in shared memory, so that the writer's thread and
 * this one see the same page without a copy, and pages are used again. See page-view.ts for how pages are read.
 */
import { columnsOn, packColumns, rowBytes } from './columns.ts'
import { createPageDetails, type Details, type PageDetails, type StoredFinding } from './details.ts'
import type { PageView } from './page-view.ts'
import { NARROW, PAGE_BYTES, PAGE_CONTENT, PAGE_DETAILS, PAGE_ROWS, PAGE_SEGMENTS, SEGMENT, WIDE } from './row.ts'
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
  /** Rows until `PageWriter.room` has to look closer: 0 before the first row or byte, `count` when it is full otherwise. */
  rowLimit: number
  content: Uint8Array
  readonly details: PageDetails
  readonly memory: PageMemory
  /** By `spanKey`. */
  readonly spans: Map<number, Span>
}

/** What a page is made of; used again when the page is stored. */
export interface PageMemory extends PageColumns {
  readonly id: number
  readonly buffer: SharedArrayBuffer
  /** Most pages need none, so it is made on demand. */
  content: Uint8Array
  /** The columns of details and content are zero, as a row without them wants it: plain frames never touch them. */
  clean: boolean
}

/** The views on a page's memory, made once by each thread. */
export interface PageColumns {
  readonly narrow: Narrow
  readonly wide: Wide
  readonly segments: Segments
  readonly bytes: Uint8Array
}

export const spanKey = (connection: number, from: number): number => connection * 2 + from

const WIDE_AT = rowBytes(NARROW) * PAGE_ROWS
const SEGMENTS_AT = WIDE_AT + rowBytes(WIDE) * PAGE_ROWS
const BYTES_AT = SEGMENTS_AT + rowBytes(SEGMENT) * PAGE_SEGMENTS

export const pageColumnsOn = (buffer: SharedArrayBuffer): PageColumns => ({
  narrow: columnsOn(NARROW, buffer, 0, PAGE_ROWS),
  wide: columnsOn(WIDE, buffer, WIDE_AT, PAGE_ROWS),
  segments: columnsOn(SEGMENT, buffer, SEGMENTS_AT, PAGE_SEGMENTS),
  bytes: new Uint8Array(buffer, BYTES_AT, PAGE_BYTES),
})

let memories = 0

export function createPageMemory(): PageMemory {
  const buffer = new SharedArrayBuffer(BYTES_AT + PAGE_BYTES)
  return { ...pageColumnsOn(buffer), id: ++memories, buffer, content: NOTHING, clean: true }
}

const NOTHING = new Uint8Array(0)

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
    rowLimit: 0,
    details,
    memory,
    spans: new Map(),
  }
}

/** Bytes of a chunk from which on it is worth aligning. */
const LARGE = 4_096

/**
 * Where a chunk goes: large ones as they are aligned themselves, up to 7 bytes further on, since memory that threads
 * share is copied eight times faster then (V8 copies it by words or by bytes).
 */
function placeFor({ bytes, byteCount }: OpenPage, chunk: Uint8Array): number {
  if (chunk.length < LARGE) return byteCount
  const gap = (chunk.byteOffset - bytes.byteOffset - byteCount) & 7
  for (let i = 0; i < gap; i++) bytes[byteCount + i] = 0
  return byteCount + gap
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
  const start = placeFor(page, chunk)
  const room = PAGE_BYTES - start
  if (room <= 0 || page.segmentCount === PAGE_SEGMENTS) return 0
  const length = Math.min(room, chunk.length)
  page.bytes.set(length === chunk.length ? chunk : chunk.subarray(0, length), start)
  const { segments } = page
  const i = page.segmentCount++
  segments.time[i] = at
  segments.connection[i] = connection
  segments.from[i] = from
  segments.streamOffset[i] = streamOffset
  segments.start[i] = start
  segments.length[i] = length
  page.byteCount = start + length

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
  if (page.details.size >= PAGE_DETAILS) page.rowLimit = page.count
}

export function addFinding(page: OpenPage, row: number, finding: StoredFinding): void {
  page.details.addFinding(row, finding)
  if (page.details.size >= PAGE_DETAILS) page.rowLimit = page.count
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
  if (end >= PAGE_CONTENT) page.rowLimit = page.count
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

/** A page as it goes to the writer's thread: its memory's number and counts. */
export interface PagePacket extends PageSummary {
  id: number
  firstSeq: number
  count: number
  segmentCount: number
  byteCount: number
  memory: number
  /** The memory itself where the writer does not know it yet: twenty views cost more to send than the rest. */
  buffer: SharedArrayBuffer | null
  content: Uint8Array
  details: string
  spans: Span[]
}

export const packPage = (page: OpenPage, summary: PageSummary, known: boolean): PagePacket => ({
  ...summary,
  id: page.id,
  firstSeq: page.firstSeq,
  count: page.count,
  segmentCount: page.segmentCount,
  byteCount: page.byteCount,
  memory: page.memory.id,
  buffer: known ? null : page.memory.buffer,
  content: page.contentCount === 0 ? NOTHING : page.content.subarray(0, page.contentCount),
  details: page.details.encode(),
  spans: [...page.spans.values()],
})

/** The blobs of a page, as they stand in the file. */
export const packBlobs = ({ count, segmentCount, byteCount }: PagePacket, columns: PageColumns) => ({
  narrow: packColumns(columns.narrow, count),
  wide: packColumns(columns.wide, count),
  segments: packColumns(columns.segments, segmentCount),
  bytes: columns.bytes.subarray(0, byteCount),
})
