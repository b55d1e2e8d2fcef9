/** A reader of a file that nobody writes any more. */
import type { CaptureReader } from './capture.ts'
import { readMeta } from './meta.ts'
import { createPageIndex } from './page-index.ts'
import { createPages } from './pages.ts'
import { createReader } from './reader.ts'
import { damaged, openWhatIsThere } from './schema.ts'
import { createStoredPages, readIndex } from './stored-pages.ts'
import { readTotals } from './totals.ts'
import { createViews } from './view.ts'

export function openReader(file: string): CaptureReader {
  const { db, cut } = openWhatIsThere(file)
  try {
    const meta = readMeta(db)
    const index = createPageIndex()
    const found = readIndex(db, index)
    if (found.fault && index.rows === 0) throw found.fault
    const totals = readTotals(found.totals ?? '{}')
    const pages = createPages(createStoredPages(db, index, cut?.ragged), index, null)
    const views = createViews({ capture: meta.id, file, pages })
    return createReader({
      db,
      meta,
      pages,
      views,
      whole: found.fault === null,
      stats: () => ({ ...totals, bytes: { ...totals.bytes } }),
    })
  } catch (error) {
    db.close()
    throw damaged(file, error)
  }
}
