/** Puts a running capture together: file, store, open page, recorder, reader. */
import type { Capture, CaptureOptions } from './capture.ts'
import { createRecorder, type RecorderControl, type RecorderOptions } from './create-recorder.ts'
import { NO_ENDING, writableMeta, writeEnding, type StoredMeta } from './meta.ts'
import { createPageIndex } from './page-index.ts'
import { createPageWriter } from './page-writer.ts'
import { createPages } from './pages.ts'
import { createReader } from './reader.ts'
import { createDatabase } from './schema.ts'
import { createStore } from './store.ts'
import { createStoredPages } from './stored-pages.ts'
import { createTotals } from './totals.ts'
import { createViews } from './view.ts'

export function startCapture(
  { file, limits, meta, startedAt = performance.timeOrigin + performance.now() }: CaptureOptions,
  createDissector: RecorderOptions['createDissector'],
): Capture {
  const stored: StoredMeta = { ...meta, startedAt: new Date(startedAt).toISOString(), ending: NO_ENDING }
  const db = createDatabase(file, writableMeta(stored))
  const index = createPageIndex()
  const totals = createTotals()
  const zero = startedAt - performance.timeOrigin
  const now = (): number => (performance.now() - zero) * 1_000

  const store = createStore({
    file,
    onStored: (page) => views.pageStored(page),
    onFailed: (message) => control.stop(`The file can no longer be written: ${message}. What follows is counted only.`),
    onHold: (hold) => control.hold(hold),
  })
  const writer = createPageWriter({
    store,
    index,
    limit: limits.captureBytes,
    totals: () => JSON.stringify(totals),
    onClosed: (page) => views.pageClosed(page),
  })
  const control: RecorderControl = createRecorder({ writer, totals, limits, now, createDissector })
  const live = {
    get page() {
      return writer.page()
    },
    waiting: store.waiting,
    begun: writer.begun,
  }
  const pages = createPages(createStoredPages(db, index), index, live)
  const views = createViews({ capture: meta.id, file, pages })
  const stats = () => ({ ...totals, bytes: { ...totals.bytes }, time: now() })
  const reader = createReader({ db, meta: stored, pages, views, whole: true, stats })

  const flush = async (): Promise<void> => {
    writer.close()
    await store.drained()
  }
  let closing: Promise<void> | null = null
  return {
    recorder: control.recorder,
    reader,
    stats,
    flush,
    keepEnding(ending) {
      writeEnding(db, ending)
      stored.ending = ending
    },
    close: () =>
      (closing ??= flush()
        .then(() => store.close())
        .then(() => writer.end())
        .then(() => reader.close())),
  }
}
