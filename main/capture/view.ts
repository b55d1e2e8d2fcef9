/**
 * Views: the answers of filters, as sorted lists of seqs that grow with the capture. Columns are scanned here, some
 * milliseconds at a time; text goes to a thread (query-worker.ts) unless the capture is small.
 */
import { Worker } from 'node:worker_threads'
import type { Filter, ViewInfo } from '../../preload/contract/index.ts'
import type { Pages } from './pages.ts'
import { canMatch, compileColumns, scanPage, type ColumnQuery } from './query.ts'
import type { QueryAnswer, QueryRequest } from './query-worker.ts'
import { compileText, type TextMatcher } from './text-match.ts'
import { rowsOf } from './stored-pages.ts'
import { workerUrl } from './worker-url.ts'

/** ms of scanning before others get their turn. */
const SLICE = 8
/** A page of at most so many rows is searched for text here when it closes. */
const SMALL_PAGE = 256

export interface Views {
  create(filter: Filter, onChange: (view: ViewInfo) => void): ViewInfo
  drop(view: number): void
  /** `count` seqs from index `from` on; fewer at the end. */
  seqs(view: number, from: number, count: number): number[]
  locate(view: number, seq: number): number
  /** A page was closed: views may grow. */
  pageClosed(page: number): void
  /** Pages up to that one are in the file. */
  pageStored(page: number): void
  close(): void
}

export interface ViewsOptions {
  capture: string
  file: string
  pages: Pages
}

interface View {
  id: number
  filter: Filter
  query: ColumnQuery
  text: TextMatcher | null
  seqs: number[]
  /** The first page that is not scanned. */
  next: number
  /** Scanned by the thread. */
  away: boolean
  onChange(view: ViewInfo): void
}

export function createViews({ capture, file, pages }: ViewsOptions): Views {
  const views = new Map<number, View>()
  const { index } = pages
  let lastView = 0
  let stored = index.length
  let turn: NodeJS.Immediate | null = null
  let worker: Worker | null = null
  let closed = false

  const info = (view: View): ViewInfo => ({
    capture,
    view: view.id,
    count: view.seqs.length,
    scanned: view.next > index.length ? index.rows : index.firstSeq(view.next) - 1,
  })

  /** Scans until the time is up or the last closed page is done; answers whether it is. */
  const advance = (view: View, until: number): boolean => {
    const { query, text, seqs } = view
    for (; view.next <= index.length; view.next++) {
      if (performance.now() >= until) return false
      if (!canMatch(query, index.kinds(view.next), index.flags(view.next))) continue
      const firstSeq = index.firstSeq(view.next)
      if (text) {
        const page = pages.page(view.next)
        if (page) scanPage(query, page.narrow, firstSeq, page.count, seqs, (row) => text.matches(pages, page, row))
        continue
      }
      const narrow = pages.narrow(view.next)
      if (narrow) scanPage(query, narrow, firstSeq, rowsOf(index, view.next), seqs, null)
    }
    return true
  }

  const takeTurn = (): void => {
    turn = null
    let more = false
    const until = performance.now() + SLICE
    for (const view of views.values()) {
      if (view.away || view.next > index.length) continue
      const before = view.next
      if (!advance(view, until)) more = true
      if (view.next !== before) view.onChange(info(view))
    }
    if (more) schedule()
  }

  const schedule = (): void => {
    if (!closed) turn ??= setImmediate(takeTurn)
  }

  const post = (request: QueryRequest): void => worker?.postMessage(request)

  const send = (view: View): void => {
    view.away = true
    if (!worker) startWorker()
    else post({ type: 'view', view: view.id, filter: view.filter, from: view.next })
  }

  /** Starts the thread with all views that are its business. */
  function startWorker(): void {
    const started = new Worker(workerUrl('query-worker'), { workerData: { file } })
    worker = started
    started.unref()
    started.on('message', ({ view: id, seqs, next }: QueryAnswer) => {
      const view = views.get(id)
      if (!view || worker !== started) return
      for (const seq of seqs) view.seqs.push(seq)
      view.next = next
      view.onChange(info(view))
    })
    started.on('error', () => {
      if (worker === started) worker = null // the views stay as far as they are, and say so
    })
    for (const view of views.values())
      if (view.away) post({ type: 'view', view: view.id, filter: view.filter, from: view.next })
    post({ type: 'stored', page: stored })
  }

  return {
    create(filter, onChange) {
      const text = filter.text === '' ? null : compileText(filter.text)
      const query = compileColumns(filter)
      const view: View = { id: ++lastView, filter, query, text, seqs: [], next: 1, away: false, onChange }
      views.set(view.id, view)
      if (text?.isRegex) send(view)
      else if (!advance(view, performance.now() + SLICE)) {
        if (text) send(view)
        else schedule()
      }
      return info(view)
    },

    drop(id) {
      const view = views.get(id)
      if (!view) return
      views.delete(id)
      if (!view.away) return
      // An expression can take for ever, and then the thread does not hear that it should stop.
      const stuck = view.text?.isRegex === true && view.next <= stored
      const others = [...views.values()].some((other) => other.away)
      if (!stuck && others) return post({ type: 'drop', view: id })
      void worker?.terminate()
      worker = null
      if (others) startWorker()
    },

    seqs(id, from, count) {
      const start = Math.max(0, from)
      const view = views.get(id)
      if (id !== 0) return view?.seqs.slice(start, start + count) ?? []
      const length = Math.max(0, Math.min(count, pages.rows - start))
      return Array.from({ length }, (_, i) => start + i + 1)
    },

    locate(id, seq) {
      if (id === 0) return Math.max(0, Math.min(pages.rows, seq - 1))
      const seqs = views.get(id)?.seqs ?? []
      let low = 0
      let high = seqs.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (seqs[middle]! < seq) low = middle + 1
        else high = middle
      }
      return low
    },

    pageClosed(page) {
      const rows = index.rows + 1 - index.firstSeq(page)
      for (const view of views.values()) {
        if (view.away) continue
        if (view.text && rows > SMALL_PAGE) send(view)
        else schedule()
      }
    },

    pageStored(page) {
      stored = Math.max(stored, page)
      post({ type: 'stored', page: stored })
    },

    close() {
      closed = true
      if (turn) clearImmediate(turn)
      views.clear()
      void worker?.terminate()
      worker = null
    },
  }
}
