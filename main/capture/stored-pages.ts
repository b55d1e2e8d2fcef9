/** The pages of a file, decoded when asked for; the last few are kept. What is damaged is as good as absent. */
import type { DatabaseSync } from 'node:sqlite'
import { FLAG } from '../../preload/contract/index.ts'
import { unpackColumns } from './columns.ts'
import { readDetails } from './details.ts'
import { createPageIndex, type PageIndex } from './page-index.ts'
import type { PageView } from './page-view.ts'
import { NARROW, PAGE_ROWS, PAGE_SEGMENTS, SEGMENT, WIDE, type Narrow } from './row.ts'

const KEPT = 48
/** Bytes of theirs: a page is small, but what its rows inflate to may be 64 MiB. */
const KEPT_BYTES = 64 * 1024 * 1024
/** µs: thirty thousand years. Past it a row's time has no date any more. */
const LATEST = 1e18

export interface StoredPages {
  /** Grows with everything that was asked for and is damaged, so that who asks can tell it from what never was. */
  readonly faults: number
  page(id: number): PageView | null
  /** The columns that filters look at, without the rest. */
  narrow(id: number, rows: number): Narrow | null
  /** Ids of the pages that hold [start, end) of a stream, in its order. */
  holding(connection: number, from: number, start: number, end: number): number[]
  firstSeqOf(connection: number): number | null
}

type Row = Record<string, unknown>

/**
 * `ragged`: the file ends inside a page of SQLite's (cut-short.ts). Of one page of ours it then makes zeros at its end,
 * and so each that may be that one and ends in a zero is taken as damaged.
 */
export function createStoredPages(db: DatabaseSync, index: PageIndex, ragged = false): StoredPages {
  const kept = new Map<number, PageView>()
  /** Bytes that were read for pages which are kept. */
  const read = new Map<number, number>()
  let held = 0
  let faults = 0

  /** SQLite throws where the file is damaged; the rest of the capture can be read all the same. */
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read()
    } catch {
      faults++
      return null
    }
  }

  const columns = db.prepare('SELECT narrow, wide, details, segment_count, segments FROM page WHERE id = ?')
  const blob = {
    bytes: db.prepare('SELECT bytes AS blob FROM page WHERE id = ?'),
    content: db.prepare('SELECT content AS blob FROM page WHERE id = ?'),
  }
  const lastByte = db.prepare(
    `SELECT hex(substr(CASE WHEN length(content) > 0 THEN content WHEN length(bytes) > 0 THEN bytes ELSE segments END, -1))
     AS byte, length(narrow) + length(wide) + length(segments) + length(bytes) + length(content) AS length
     FROM page WHERE id = ?`,
  )
  /**
   * The first page of ours that the cut may go through. SQLite's pages were given to ours in the order of ids, so what
   * the cut goes through lies in the same leaf as the last that can be read, and a leaf holds no more than its size.
   */
  const firstSuspect = once(() => {
    const size = Number(db.prepare('PRAGMA page_size').get()?.['page_size'])
    let length = 0
    for (let id = index.length; id > 1; id--) {
      try {
        length += Number(lastByte.get(id)?.['length'] ?? 0)
      } catch {
        // it lies behind the cut
      }
      if (length > size) return id
    }
    return 1
  })
  const isCutThrough = (id: number): boolean => ragged && lastByte.get(id)?.['byte'] === '00' && id >= firstSuspect()

  const narrow = db.prepare('SELECT narrow FROM page WHERE id = ?')
  const before = db.prepare('SELECT max(start) AS start FROM span WHERE connection = ? AND sender = ? AND start <= ?')
  const spans = db.prepare(
    'SELECT page, end FROM span WHERE connection = ? AND sender = ? AND start >= ? AND start < ? ORDER BY start',
  )
  const first = db.prepare('SELECT first_seq FROM connection WHERE number = ?')

  const forget = (id: number): void => {
    held -= read.get(id) ?? 0
    read.delete(id)
    kept.delete(id)
  }
  /** The page that is being looked at stays, however large it is. */
  const hold = (id: number, bytes: number): void => {
    held += bytes
    read.set(id, (read.get(id) ?? 0) + bytes)
    for (const oldest of kept.keys()) {
      if (held <= KEPT_BYTES) break
      if (oldest !== id) forget(oldest)
    }
  }

  const load = (id: number): PageView | null => {
    if (id < 1 || id > index.length) return null
    const row: Row | undefined = columns.get(id)
    if (!row || isCutThrough(id)) return null
    const count = rowsOf(index, id)
    const segmentCount = Number(row['segment_count'])
    if (!(segmentCount >= 0 && segmentCount <= PAGE_SEGMENTS)) return null
    const narrow = unpackColumns(NARROW, row['narrow'] as Uint8Array, count)
    const wide = unpackColumns(WIDE, row['wide'] as Uint8Array, count)
    const segments = unpackColumns(SEGMENT, row['segments'] as Uint8Array, segmentCount)
    if (!narrow || !wide || !segments || !wide.time.every(isTime)) return null
    /** Read when they are first asked for. */
    const blobOf = (name: keyof typeof blob, starts: Uint32Array, lengths: Uint32Array): (() => Uint8Array) => {
      let found: Uint8Array | null = null
      let whole = true
      return () => {
        if (found === null) {
          found = attempt(() => blob[name].get(id)?.['blob'] as Uint8Array | undefined) ?? new Uint8Array(0)
          whole = starts.every((start, i) => start + lengths[i]! <= found!.length)
          if (kept.has(id)) hold(id, found.length)
        }
        if (!whole) faults++
        return found
      }
    }
    const bytes = blobOf('bytes', segments.start, segments.length)
    const content = blobOf('content', wide.contentOffset, wide.contentLength)
    let details: PageView['details'] | null = null
    return {
      id,
      firstSeq: index.firstSeq(id),
      count,
      narrow,
      wide,
      segments,
      segmentCount,
      get bytes() {
        return bytes()
      },
      get content() {
        return content()
      },
      get details() {
        return (details ??= watchedDetails(readDetails(String(row['details'])), narrow.flags))
      },
    }
  }

  /** A row that names details has some, and one that is marked has a finding. */
  const watchedDetails = ({ at, findings }: PageView['details'], flags: Narrow['flags']): PageView['details'] => ({
    at(index) {
      const details = at(index)
      if (details === null) faults++
      return details
    },
    findings(row) {
      const found = findings(row)
      if (found.length === 0 && (flags[row]! & FLAG.finding) !== 0) faults++
      return found
    },
  })

  return {
    get faults() {
      return faults
    },
    page(id) {
      let page = kept.get(id)
      if (page) kept.delete(id)
      else page = attempt(() => load(id)) ?? undefined
      if (!page) {
        faults++
        return null
      }
      kept.set(id, page) // most recently used last
      if (kept.size > KEPT) forget(kept.keys().next().value!)
      return page
    },
    narrow(id, rows) {
      const page = kept.get(id)
      if (page) return page.narrow
      const packed = attempt(() => narrow.get(id)?.['narrow'] as Uint8Array | undefined)
      return packed ? unpackColumns(NARROW, packed, rows) : null
    },
    holding(connection, from, start, end) {
      // Spans of a stream follow each other, so the one that begins last before `start` is the first to hold it.
      const found = attempt(() => {
        const since = before.get(connection, from, start)?.['start'] as number | null | undefined
        return spans.all(connection, from, since ?? start, end)
      })
      return (found ?? []).filter((span) => Number(span['end']) > start).map((span) => Number(span['page']))
    },
    firstSeqOf: (connection) => attempt(() => first.get(connection)?.['first_seq'] as number | undefined) ?? null,
  }
}

function once<T>(find: () => T): () => T {
  let found: { value: T } | null = null
  return () => (found ??= { value: find() }).value
}

const isTime = (time: number): boolean => Math.abs(time) <= LATEST

/** Rows of a closed page. */
export function rowsOf(index: PageIndex, id: number): number {
  const next = id < index.length ? index.firstSeq(id + 1) : index.rows + 1
  return next - index.firstSeq(id)
}

export interface FoundIndex {
  /** Of the last page that was added, or known before. */
  totals: string | null
  /** What is wrong with the rest of the index; null when all of it was read. */
  fault: Error | null
}

/** Adds the pages of a file that come after those already known, up to the first that cannot be. Throws when locked. */
export function readIndex(db: DatabaseSync, index: PageIndex): FoundIndex {
  let fault: Error | null = null
  try {
    const rows = db
      .prepare('SELECT id, first_seq, rows, kinds, flags FROM page_index WHERE id > ? ORDER BY id')
      .iterate(index.length)
    for (const row of rows) {
      const { id, first_seq: firstSeq, rows: count, kinds, flags } = row as Record<string, number>
      if (id !== index.length + 1 || firstSeq !== index.rows + 1 || !isPageRows(count))
        throw new Error(`page ${id} is out of order`)
      index.add(firstSeq, count!, kinds!, flags!)
    }
  } catch (error) {
    fault = faultOf(error)
  }
  const last = db.prepare('SELECT totals FROM page_index WHERE id = ?').get(index.length)
  return { totals: last ? String(last['totals']) : null, fault }
}

/** The totals of the last page, without the others where the file is whole. */
export function readLastTotals(db: DatabaseSync): string | null {
  try {
    const last = db.prepare('SELECT totals FROM page_index ORDER BY id DESC LIMIT 1').get()
    return last ? String(last['totals']) : null
  } catch (error) {
    faultOf(error)
    const index = createPageIndex()
    const { totals, fault } = readIndex(db, index)
    if (fault && index.rows === 0) throw fault
    return totals
  }
}

const isPageRows = (rows: number | undefined): boolean => Number.isInteger(rows) && rows! >= 0 && rows! <= PAGE_ROWS

/** SQLITE_BUSY 5, SQLITE_LOCKED 6: no damage, and thrown on. */
function faultOf(error: unknown): Error {
  if ([5, 6].includes(Number((error as { errcode?: unknown }).errcode) & 0xff)) throw error
  return error instanceof Error ? error : new Error(String(error))
}
