/**
 * A capture: everything recorded of one run, in a single SQLite file. This file is the folder's front door;
 * what is behind it: create-recorder.ts (in), page.ts (columns), store.ts (writing), pages.ts and reader.ts (out).
 */
import type {
  BytesPart,
  CaptureInfo,
  CaptureProgress,
  Filter,
  Handshake,
  Limits,
  RowDetail,
  RowSummary,
  Technique,
  ViewInfo,
} from '../../preload/contract/index.ts'
import { createConnectionDissector } from '../protocol/connection.ts'
import { readMeta } from './meta.ts'
import { openReader } from './open-reader.ts'
import type { Recorder } from './recorder.ts'
import { damaged, openDatabase } from './schema.ts'
import { startCapture } from './start-capture.ts'
import { readLastTotals } from './stored-pages.ts'
import { readTotals } from './totals.ts'

export interface CaptureMeta {
  id: string
  name: string
  url: string
  technique: Technique | null
  source: CaptureInfo['source']
}

/** How a capture ended: what marks it in a list, and its last words. `closed` without words where the file has none. */
export interface CaptureEnding {
  state: 'closed' | 'failed'
  message: string
}

export interface CaptureOptions {
  /** Must not exist yet; its directory is made when missing. */
  file: string
  limits: Limits
  meta: CaptureMeta
  /** ms since the epoch, where a row's time 0 lies; now when absent. */
  startedAt?: number
}

/** Running totals, as CaptureProgress shows them. */
export type CaptureStats = Pick<
  CaptureProgress,
  'rows' | 'bytes' | 'payload' | 'messages' | 'findings' | 'ping' | 'unstored' | 'time'
>

export interface Capture {
  recorder: Recorder
  /** Sees every row at once, stored or not. Closed by `close`. */
  reader: CaptureReader
  stats(): CaptureStats
  /** Closes the open page; resolves when every row up to now is in the file. */
  flush(): Promise<void>
  /** Keeps in the file how it ended. Throws when the file cannot be written. */
  keepEnding(ending: CaptureEnding): void
  /** `flush`, then closes file and reader. Idempotent. */
  close(): Promise<void>
}

export interface NdjsonText {
  /** How far it goes. */
  rows: number
  /** Rows among them that are left out, since the file is damaged where they were. */
  lost: number
  /** To be taken once, at leisure: all is read from the capture already. */
  pieces: Iterable<string>
}

export interface CaptureReader {
  readonly meta: CaptureMeta & { startedAt: string; ending: CaptureEnding }
  /** Rows; the highest seq. */
  readonly count: number
  /** False where the file is damaged so that nobody knows what came after the last row. */
  readonly whole: boolean
  stats(): CaptureStats
  /** `from` is an index into the view. */
  summaries(view: number, from: number, count: number): RowSummary[]
  detail(seq: number): RowDetail | null
  /** Of the exchange that the row belongs to; null when there is no such row. */
  handshake(seq: number): Handshake | null
  /** What there is of the range: shorter at the end, and where bytes were not stored. A copy. */
  bytes(seq: number, part: BytesPart, offset: number, length: number): Uint8Array
  /** View 0 is the unfiltered one and always exists. `onChange` is called as the scan goes on and rows arrive. */
  createView(filter: Filter, onChange: (view: ViewInfo) => void): ViewInfo
  dropView(view: number): void
  /** Index in the view of the row with that seq, or of the next one after it. */
  locate(view: number, seq: number): number
  /** One JSON text per row, without line ends, beginning with the row `from` (a seq). Without secrets unless asked. */
  ndjson(from: number, count: number, secrets?: boolean): string[]
  /** The same as text to be written, with line ends: fewer rows than `count` where they are large, none at the end. */
  ndjsonText(from: number, count: number, secrets?: boolean): NdjsonText
  close(): void
}

/** Throws a CaptureError when the file cannot be made; `code` says why: `read-only`. */
export function createCapture(options: CaptureOptions): Capture {
  return startCapture(options, createConnectionDissector)
}

/** Opens an existing file, after a crash too. Throws a CaptureError when it is missing, damaged or of a newer version. */
export function openCapture(file: string): CaptureReader {
  return openReader(file)
}

/** What the list of captures shows, without opening the capture as a whole. Throws as openCapture does. */
export function readCaptureInfo(file: string): CaptureInfo {
  const db = openDatabase(file)
  try {
    const { ending, ...meta } = readMeta(db)
    const totals = readTotals(readLastTotals(db) ?? '{}')
    const bytes = totals.bytes.client + totals.bytes.server
    return { ...meta, state: ending.state, rows: totals.rows, bytes }
  } catch (error) {
    throw damaged(file, error)
  } finally {
    db.close()
  }
}

/** Works while the capture runs, too. */
export function renameCapture(file: string, name: string): void {
  const db = openDatabase(file)
  try {
    db.prepare("UPDATE meta SET value = ? WHERE key = 'name'").run(name)
  } finally {
    db.close()
  }
}
