/**
 * Keeps one page open for rows and bytes, closes it in time and hands it to the store, and minds the size bound.
 * Knows pages, not what is in them: rows are create-recorder.ts.
 */
import { isOneValue } from './columns.ts'
import { appendBytes, type OpenPage, type PageSummary } from './page.ts'
import type { PageIndex } from './page-index.ts'
import { PAGE_AGE, PAGE_ROWS } from './row.ts'
import type { Store } from './store.ts'

/** No accessors here: those of the second capture and later would cost every row a slow look-up. */
export interface PageWriter {
  /** The open page. */
  page(): OpenPage
  /** The open page with room for one more row. The hot path calls it once per row. */
  room(): OpenPage
  /** Stores the beginning of a chunk, as much as the page takes; returns how much, more than 0. */
  bytes(connection: number, from: number, streamOffset: number, chunk: Uint8Array, at: number): number
  /** The connection's first row. */
  begin(connection: number, seq: number): void
  /** First rows of connections, also of those already stored. */
  readonly begun: ReadonlyMap<number, number>
  /** The size bound is reached: store no more bytes. */
  isFull(): boolean
  /** Closes the open page unless it is empty. */
  close(): void
  /** The capture is closed: gives the memory of the page that is open and empty back. */
  end(): void
}

/** The bits of any row; a flood's rows are mostly all the same. */
function anyOf(column: Uint8Array | Uint16Array, rows: number, bits: (value: number) => number): number {
  if (rows === 0) return 0
  if (isOneValue(column, rows)) return bits(column[0]!)
  let any = 0
  for (let i = 0; i < rows; i++) any |= bits(column[i]!)
  return any
}

export interface PageWriterOptions {
  store: Pick<Store, 'page' | 'write' | 'size' | 'retire'>
  index: PageIndex
  /** Bytes of the file. */
  limit: number
  /** Running totals as JSON. */
  totals(): string
  /** A page was closed and can be read as such. */
  onClosed(page: number): void
}

export function createPageWriter({ store, index, limit, totals, onClosed }: PageWriterOptions): PageWriter {
  const begun = new Map<number, number>()
  let begunHere: PageSummary['begun'] = []
  let page = store.page(1, 1)
  let timer: NodeJS.Timeout | null = null

  const isEmpty = (): boolean => page.count === 0 && page.segmentCount === 0

  const close = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    if (isEmpty()) return
    const closed = page
    page = store.page(closed.id + 1, closed.firstSeq + closed.count)
    const { count } = closed
    const { kind, flags: flag } = closed.narrow
    const kinds = anyOf(kind, count, (value) => 1 << value)
    const flags = anyOf(flag, count, (value) => value)
    index.add(closed.firstSeq, count, kinds, flags)
    store.write(closed, { kinds, flags, begun: begunHere, totals: totals() })
    begunHere = []
    onClosed(closed.id)
  }

  /** The page gets its first row or byte: from now on it has to close in time. */
  const wake = (): void => {
    page.rowLimit = PAGE_ROWS
    timer ??= setTimeout(close, PAGE_AGE)
  }

  const makeRoom = (): OpenPage => {
    if (page.rowLimit > 0) close()
    wake()
    return page
  }

  return {
    page: () => page,
    begun,
    isFull: () => store.size() >= limit,
    room: () => (page.count < page.rowLimit ? page : makeRoom()),
    bytes(connection, from, streamOffset, chunk, at) {
      let length = appendBytes(page, connection, from, streamOffset, chunk, at)
      if (length === 0) {
        close()
        length = appendBytes(page, connection, from, streamOffset, chunk, at)
      }
      if (page.rowLimit === 0) wake()
      return length
    },
    begin(connection, seq) {
      begun.set(connection, seq)
      begunHere.push([connection, seq])
    },
    close,
    end() {
      if (isEmpty()) page = store.retire(page)
    },
  }
}
