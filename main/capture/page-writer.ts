/**
 * Keeps one page open for rows and bytes, closes it in time and hands it to the store, and minds the size bound.
 * Knows pages, not what is in them: rows are create-recorder.ts.
 */
import { appendBytes, type OpenPage, type PageSummary } from './page.ts'
import type { PageIndex } from './page-index.ts'
import { PAGE_AGE, PAGE_CONTENT, PAGE_ROWS } from './row.ts'
import { sizeOf, type Store } from './store.ts'

/** JSON characters of details after which a page closes. */
const PAGE_DETAILS = 1024 * 1024

export interface PageWriter {
  /** The open page. */
  readonly page: OpenPage
  /** The open page with room for one more row. The hot path calls it once per row. */
  room(): OpenPage
  /** Stores the beginning of a chunk, as much as the page takes; returns how much, more than 0. */
  bytes(connection: number, from: number, streamOffset: number, chunk: Uint8Array, at: number): number
  /** The connection's first row. */
  begin(connection: number, seq: number): void
  /** First rows of connections, also of those already stored. */
  readonly begun: ReadonlyMap<number, number>
  /** The size bound is reached: store no more bytes. */
  readonly full: boolean
  /** Closes the open page unless it is empty. */
  close(): void
}

export interface PageWriterOptions {
  store: Pick<Store, 'page' | 'write' | 'calm'>
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
  let stored = 0

  const isEmpty = (): boolean => page.count === 0 && page.segmentCount === 0

  const close = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    if (isEmpty()) return
    const closed = page
    stored += sizeOf(closed)
    page = store.page(closed.id + 1, closed.firstSeq + closed.count)
    let kinds = 0
    let flags = 0
    for (let i = 0; i < closed.count; i++) {
      kinds |= 1 << closed.narrow.kind[i]!
      flags |= closed.narrow.flags[i]!
    }
    index.add(closed.firstSeq, closed.count, kinds, flags)
    store.write(closed, { kinds, flags, begun: begunHere, totals: totals() })
    begunHere = []
    onClosed(closed.id)
  }

  const wake = (): void => {
    timer ??= setTimeout(() => {
      close()
      store.calm()
    }, PAGE_AGE)
  }

  return {
    get page() {
      return page
    },
    begun,
    get full() {
      return stored >= limit
    },
    room() {
      if (page.count === PAGE_ROWS || page.contentCount >= PAGE_CONTENT || page.details.size >= PAGE_DETAILS) close()
      if (timer === null) wake()
      return page
    },
    bytes(connection, from, streamOffset, chunk, at) {
      let length = appendBytes(page, connection, from, streamOffset, chunk, at)
      if (length === 0) {
        close()
        length = appendBytes(page, connection, from, streamOffset, chunk, at)
      }
      if (timer === null) wake()
      return length
    },
    begin(connection, seq) {
      begun.set(connection, seq)
      begunHere.push([connection, seq])
    },
    close,
  }
}
