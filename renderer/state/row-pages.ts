/**
 * Rows of one view that the window holds, by index, in pages of PAGE. Few pages are kept, the least recently touched
 * goes first, so a million rows cost what a few thousand do. Rows are only ever appended to a view; a row near the end
 * may still gain words (a fragment learns how many follow), so what was read there counts as unsettled and is read
 * again once. Asks nobody: `missing` says what to fetch.
 */
import type { RowSummary } from '../../preload/contract/index.ts'

export const PAGE = 100
/** The engine answers at most this many rows a call. */
export const MOST_ROWS = 500
const MOST_PAGES = 40
/** Rows this far from the end no longer change. */
const SETTLED_AFTER = 200

interface Page {
  rows: (RowSummary | undefined)[]
  /** Rows of the view when the page was last written. */
  seenAt: number
}

export interface Range {
  from: number
  count: number
}

export interface RowPages {
  at(index: number): RowSummary | undefined
  /** `count`: rows of the view at that time, Infinity when no more will come. */
  put(from: number, rows: readonly RowSummary[], count: number): void
  /** What is not here of the rows from `first` up to `end`, widened to pages; null when all is here. */
  missing(first: number, end: number, count: number): Range | null
  /** Index of the row with that seq among those held; -1 when it is not held. */
  indexOf(seq: number): number
  clear(): void
  readonly size: number
}

export function createRowPages(): RowPages {
  const pages = new Map<number, Page>()

  const touch = (number: number): Page => {
    const page = pages.get(number) ?? { rows: [], seenAt: 0 }
    pages.delete(number)
    pages.set(number, page)
    if (pages.size > MOST_PAGES) pages.delete(pages.keys().next().value!)
    return page
  }

  const isWhole = (number: number, first: number, end: number, count: number): boolean => {
    const page = pages.get(number)
    if (!page) return false
    const start = number * PAGE
    for (let i = Math.max(first, start); i < Math.min(end, start + PAGE); i++) {
      if (!page.rows[i - start]) return false
    }
    const settles = start + PAGE + SETTLED_AFTER
    return page.seenAt >= settles || count < settles
  }

  return {
    at(index) {
      return pages.get(Math.floor(index / PAGE))?.rows[index % PAGE]
    },
    put(from, rows, count) {
      for (let i = 0; i < rows.length;) {
        const number = Math.floor((from + i) / PAGE)
        const page = touch(number)
        page.seenAt = count
        for (; i < rows.length && Math.floor((from + i) / PAGE) === number; i++) page.rows[(from + i) % PAGE] = rows[i]
      }
    },
    missing(first, end, count) {
      let low = -1
      let high = -1
      for (let number = Math.floor(first / PAGE); number * PAGE < end; number++) {
        if (isWhole(number, first, end, count)) continue
        if (low < 0) low = number
        high = number
      }
      if (low < 0) return null
      const from = low * PAGE
      return { from, count: Math.min((high + 1) * PAGE - from, MOST_ROWS) }
    },
    indexOf(seq) {
      for (const [number, { rows }] of pages) {
        const i = rows.findIndex((row) => row?.seq === seq)
        if (i >= 0) return number * PAGE + i
      }
      return -1
    },
    clear() {
      pages.clear()
    },
    get size() {
      return pages.size
    },
  }
}
