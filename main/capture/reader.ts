/** Reads a capture, running or not: rows as objects, bytes, views, exports. Decodes only what is asked for. */
import type { DatabaseSync } from 'node:sqlite'
import type { BytesPart } from '../../preload/contract/index.ts'
import type { CaptureReader, CaptureStats, NdjsonText } from './capture.ts'
import { bytesOf } from './decode/content.ts'
import { describe } from './decode/detail.ts'
import { readHandshake } from './decode/handshake.ts'
import { rowAt } from './decode/row.ts'
import { createSummaryContext, summarize } from './decode/summary.ts'
import { rowOf } from './decode/walk.ts'
import { toJson, toJsonPieces } from './export/ndjson.ts'
import type { Pages } from './pages.ts'
import { rowsOf } from './stored-pages.ts'
import type { Views } from './view.ts'

/** UTF-16 units of text that is written at once. */
const TEXT_AT_ONCE = 1_048_576

function* chain(...parts: Iterable<string>[]): Generator<string> {
  for (const part of parts) yield* part
}

export interface ReaderOptions {
  db: DatabaseSync
  meta: CaptureReader['meta']
  pages: Pages
  views: Views
  whole: boolean
  stats(): CaptureStats
}

export function createReader({ db, meta, pages, views, whole, stats }: ReaderOptions): CaptureReader {
  const startedAt = Date.parse(meta.startedAt)
  let closed = false

  /** The first row behind the page of this one, which cannot be read. */
  const afterDamaged = (seq: number): number => {
    const id = pages.index.pageOf(seq)
    return id === 0 ? Infinity : pages.index.firstSeq(id) + rowsOf(pages.index, id)
  }

  return {
    meta,
    whole,
    get count() {
      return pages.rows
    },
    stats,
    summaries(view, from, count) {
      const context = createSummaryContext(pages)
      return views
        .seqs(view, from, count)
        .map((seq) => rowOf(pages, seq))
        .filter((row) => row !== null)
        .map((row) => summarize(context, row))
    },
    detail(seq) {
      const row = rowOf(pages, seq)
      return row && describe(pages, row, startedAt)
    },
    handshake: (seq) => readHandshake(pages, seq),
    bytes(seq: number, part: BytesPart, offset: number, length: number) {
      const row = rowOf(pages, seq)
      if (!row || !(offset >= 0) || !(length > 0)) return new Uint8Array(0)
      return new Uint8Array(bytesOf(pages, row, part, offset, length))
    },
    createView: (filter, onChange) => views.create(filter, onChange),
    dropView: (view) => views.drop(view),
    locate: (view, seq) => views.locate(view, seq),
    ndjson(from, count, secrets = false) {
      const lines: string[] = []
      const first = Math.max(1, from)
      const last = Math.min(pages.rows, first + count - 1)
      for (let seq = first; seq <= last;) {
        const page = pages.pageOf(seq)
        if (!page) {
          seq = afterDamaged(seq)
          continue
        }
        for (; seq <= last && seq < page.firstSeq + page.count; seq++) {
          const { faults } = pages
          const line = toJson(pages, rowAt(page, seq - page.firstSeq), startedAt, secrets)
          if (pages.faults === faults) lines.push(line)
        }
      }
      return lines
    },
    ndjsonText(from, count, secrets = false): NdjsonText {
      const last = Math.min(pages.rows, from + count - 1)
      let seq = from
      let lost = 0
      let text = ''
      while (seq <= last && text.length < TEXT_AT_ONCE) {
        const { faults } = pages
        const row = rowOf(pages, seq)
        if (!row) {
          const next = Math.min(afterDamaged(seq), last + 1)
          lost += next - seq
          seq = next
          continue
        }
        seq += 1
        const line = toJsonPieces(pages, row, startedAt, secrets)
        if (pages.faults !== faults) {
          lost += 1 // its page is there, but some of what it says is not
          continue
        }
        if (typeof line !== 'string') return { rows: seq - from, lost, pieces: chain([text], line, ['\n']) }
        text += `${line}\n`
      }
      return { rows: seq - from, lost, pieces: text === '' ? [] : [text] }
    },
    close() {
      if (closed) return
      closed = true
      views.close()
      db.close()
    },
  }
}
