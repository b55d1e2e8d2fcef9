/**
 * The thread that searches text: reads the capture's file through its own connection, page by page, and tells what
 * it found as it goes. It sees stored pages only; the open one is stored in a moment.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Filter } from '../../preload/contract/index.ts'
import { createPageIndex } from './page-index.ts'
import { createPages } from './pages.ts'
import { canMatch, compileColumns, scanPage, type ColumnQuery } from './query.ts'
import { openWhatIsThere } from './schema.ts'
import { createStoredPages, readIndex } from './stored-pages.ts'
import { compileText, type TextMatcher } from './text-match.ts'

export type QueryRequest =
  | { type: 'view'; view: number; filter: Filter; from: number }
  | { type: 'drop'; view: number }
  | { type: 'stored'; page: number }

/** Seqs found in the pages before `next` and after those told before. */
export interface QueryAnswer {
  view: number
  seqs: Uint32Array
  next: number
}

/** ms between two answers. */
const SLICE = 25

interface Task {
  query: ColumnQuery
  text: TextMatcher
  next: number
}

const { file } = workerData as { file: string }
const port = parentPort!
const { db, cut } = openWhatIsThere(file)
const index = createPageIndex()
const pages = createPages(createStoredPages(db, index, cut?.ragged), index, null)
const tasks = new Map<number, Task>()
let scheduled = false

port.on('message', (request: QueryRequest) => {
  if (request.type === 'drop') tasks.delete(request.view)
  else if (request.type === 'stored') readIndex(db, index)
  else {
    const { filter, from } = request
    tasks.set(request.view, { query: compileColumns(filter), text: compileText(filter.text), next: from })
  }
  schedule()
})

function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(work)
}

function work(): void {
  scheduled = false
  for (const [view, task] of tasks) {
    if (task.next > index.length) continue
    const seqs = scan(task, performance.now() + SLICE)
    const answer: QueryAnswer = { view, seqs: Uint32Array.from(seqs), next: task.next }
    port.postMessage(answer, [answer.seqs.buffer as ArrayBuffer])
    schedule()
  }
}

function scan(task: Task, until: number): number[] {
  const seqs: number[] = []
  while (task.next <= index.length && performance.now() < until) {
    const id = task.next++
    if (!canMatch(task.query, index.kinds(id), index.flags(id))) continue
    const page = pages.page(id)
    if (!page) continue
    scanPage(task.query, page.narrow, page.firstSeq, page.count, seqs, (row) => task.text.matches(pages, page, row))
  }
  return seqs
}
