/**
 * All pages of a capture, wherever they are: open, waiting for the writer, in the file. Readers ask only here.
 */
import { spanKey, type OpenPage } from './page.ts'
import type { PageIndex } from './page-index.ts'
import { eachPiece, onePiece, type PageView, type Piece } from './page-view.ts'
import type { Narrow } from './row.ts'
import { rowsOf, type StoredPages } from './stored-pages.ts'

export interface Pages {
  /** Rows, those of the open page included. */
  readonly rows: number
  readonly index: PageIndex
  /** As those of the stored pages, and bytes of rows that are in none: a row is written after its bytes. */
  readonly faults: number
  page(id: number): PageView | null
  pageOf(seq: number): PageView | null
  /** Of a closed page. */
  narrow(id: number): Narrow | null
  firstSeqOf(connection: number): number | null
  /** Pieces of [start, end) of a stream, in order; gaps are left out. */
  pieces(connection: number, from: number, start: number, end: number): Piece[]
  /** The same as one array: a view where the range lies in one piece of `near`, else a copy. */
  read(near: PageView, connection: number, from: number, start: number, end: number): Uint8Array
}

/** The pages of a running capture that may not be in the file yet. */
export interface LivePages {
  readonly page: OpenPage
  readonly waiting: ReadonlyMap<number, OpenPage>
  readonly begun: ReadonlyMap<number, number>
}

export function createPages(stored: StoredPages, index: PageIndex, live: LivePages | null): Pages {
  let gaps = 0

  const page = (id: number): PageView | null => {
    if (live && live.page.id === id) return live.page
    return live?.waiting.get(id) ?? stored.page(id)
  }

  const pieces = (connection: number, from: number, start: number, end: number): Piece[] => {
    const found: Piece[] = []
    if (end <= start) return found
    const visit = (one: PageView): void => eachPiece(one, connection, from, start, end, (piece) => found.push(piece))
    for (const id of stored.holding(connection, from, start, end)) {
      if (live?.waiting.has(id)) continue
      const one = stored.page(id)
      if (one) visit(one)
    }
    if (live) {
      const key = spanKey(connection, from)
      for (const one of [...live.waiting.values(), live.page]) {
        const span = one.spans.get(key)
        if (span && span.start < end && span.end > start) visit(one)
      }
    }
    return found
  }

  return {
    get rows() {
      return index.rows + (live?.page.count ?? 0)
    },
    index,
    get faults() {
      return stored.faults + gaps
    },
    page,
    pageOf(seq) {
      const id = index.pageOf(seq)
      if (id > 0) return page(id)
      const open = live?.page
      return open && seq >= open.firstSeq && seq < open.firstSeq + open.count ? open : null
    },
    narrow: (id) => live?.waiting.get(id)?.narrow ?? stored.narrow(id, rowsOf(index, id)),
    firstSeqOf: (connection) => live?.begun.get(connection) ?? stored.firstSeqOf(connection),
    pieces,
    read(near, connection, from, start, end) {
      if (end <= start) return EMPTY
      const bytes = onePiece(near, connection, from, start, end) ?? join(pieces(connection, from, start, end))
      if (bytes.length < end - start) gaps++
      return bytes
    },
  }
}

const EMPTY = new Uint8Array(0)

export function join(pieces: readonly Piece[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!.bytes
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece.bytes, at)
    at += piece.bytes.length
  }
  return joined
}
