/**
 * The writer's thread: one for all captures of the process. Takes pages, writes each as one insert, several waiting
 * ones in one transaction, and says which are stored. Decides nothing: the queue's bounds are store.ts.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { messageOf } from './errors.ts'
import { packBlobs, pageColumnsOn, type PageColumns, type PagePacket } from './page.ts'
import { openForWriting } from './schema.ts'

export type StoreRequest =
  | { type: 'open'; capture: number; file: string }
  | { type: 'page'; capture: number; page: PagePacket }
  /** These memories come no more. */
  | { type: 'forget'; memories: number[] }
  /** Answered when everything before it is in the file. */
  | { type: 'close'; capture: number }

export type StoreAnswer =
  /** `size` is the bytes of their blobs. */
  | { type: 'stored'; capture: number; pages: number[]; size: number }
  | { type: 'failed'; capture: number; pages: number[]; message: string }
  | { type: 'closed'; capture: number }

/** Pages in one transaction, at most: their memory is used again only when it is committed. */
const BATCH = 8
/** Bytes that the log takes for a page beside its blobs: index, half-filled database pages; about. */
const PAGE_OVERHEAD = 32_768
/**
 * When the write-ahead log is moved into the file: ms without a page, or so many bytes. Moving costs more than twice
 * what writing did, so a flood should be over before.
 */
const CHECKPOINT = { calm: 1_000, bytes: 512 * 1024 * 1024 }

interface Writer {
  db: DatabaseSync
  insert: Record<'page' | 'index' | 'span' | 'connection', StatementSync>
  /** Bytes since the last checkpoint, about. */
  logged: number
}

/** Views on pages' memory seen so far, by number. */
const memories = new Map<number, PageColumns>()
const writers = new Map<number, Writer | { failure: string }>()
const port = parentPort!
const answer = (message: StoreAnswer): void => port.postMessage(message)

port.on('message', (first: StoreRequest) => {
  let request: StoreRequest | undefined = first
  while (request) {
    if (request.type === 'page') {
      request = writeBatch(request)
      continue
    }
    if (request.type === 'open') open(request.capture, request.file)
    else if (request.type === 'forget') for (const id of request.memories) memories.delete(id)
    else close(request.capture)
    request = next()
  }
})

const next = (): StoreRequest | undefined =>
  (receiveMessageOnPort(port) as { message: StoreRequest } | undefined)?.message

function open(capture: number, file: string): void {
  try {
    const db = openForWriting(file)
    const insert = {
      page: db.prepare(
        'INSERT INTO page (id, narrow, wide, details, segment_count, segments, bytes, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      index: db.prepare('INSERT INTO page_index VALUES (?, ?, ?, ?, ?, ?)'),
      span: db.prepare('INSERT INTO span VALUES (?, ?, ?, ?, ?)'),
      connection: db.prepare('INSERT INTO connection VALUES (?, ?)'),
    }
    writers.set(capture, { db, insert, logged: 0 })
  } catch (error) {
    writers.set(capture, { failure: messageOf(error) })
  }
}

/** Writes this page and those of the same capture that wait behind it; returns the request that comes after. */
function writeBatch(first: Extract<StoreRequest, { type: 'page' }>): StoreRequest | undefined {
  const { capture } = first
  const pages = [first.page]
  let after: StoreRequest | undefined
  while (pages.length < BATCH) {
    after = next()
    if (after?.type !== 'page' || after.capture !== capture) break
    pages.push(after.page)
    after = undefined
  }
  const ids = pages.map((page) => page.id)
  const writer = writers.get(capture)
  if (!writer || 'failure' in writer) {
    answer({ type: 'failed', capture, pages: ids, message: writer?.failure ?? 'The file is closed.' })
    return after ?? next()
  }
  try {
    const size = write(writer, pages)
    writer.logged += size + pages.length * PAGE_OVERHEAD
    answer({ type: 'stored', capture, pages: ids, size })
    if (writer.logged >= CHECKPOINT.bytes) checkpoint(writer)
    else if (calm) calm.refresh()
    else calm = setTimeout(whenCalm, CHECKPOINT.calm)
  } catch (error) {
    if (writer.db.isTransaction) writer.db.exec('ROLLBACK')
    answer({ type: 'failed', capture, pages: ids, message: messageOf(error) })
  }
  return after ?? next()
}

let calm: NodeJS.Timeout | null = null

function whenCalm(): void {
  calm = null
  for (const writer of writers.values()) {
    if ('failure' in writer || writer.logged === 0) continue
    try {
      checkpoint(writer)
    } catch {
      // The pages are safe in the log; the next page tells what is wrong with the disk.
    }
  }
}

function checkpoint(writer: Writer): void {
  writer.logged = 0
  writer.db.exec('PRAGMA wal_checkpoint(PASSIVE)')
}

/** Returns how many bytes the pages take in the file, about. */
function write(writer: Writer, pages: PagePacket[]): number {
  const { db, insert } = writer
  let size = 0
  db.exec('BEGIN IMMEDIATE')
  for (const page of pages) {
    const { narrow, wide, segments, bytes } = packBlobs(page, columnsOf(page))
    insert.page.run(page.id, narrow, wide, page.details, page.segmentCount, segments, bytes, page.content)
    insert.index.run(page.id, page.firstSeq, page.count, page.kinds, page.flags, page.totals)
    for (const { connection, from, start, end } of page.spans) insert.span.run(connection, from, start, end, page.id)
    for (const [connection, seq] of page.begun) insert.connection.run(connection, seq)
    size += narrow.length + wide.length + segments.length + bytes.length + page.content.length + page.details.length
  }
  db.exec('COMMIT')
  return size
}

/** The views on a page's memory. Pages whose writing failed are sent again by nobody, so each memory is learned once. */
function columnsOf({ memory, buffer }: PagePacket): PageColumns {
  const known = memories.get(memory)
  if (known) return known
  const columns = pageColumnsOn(buffer!)
  memories.set(memory, columns)
  return columns
}

function close(capture: number): void {
  const writer = writers.get(capture)
  writers.delete(capture)
  if (writer && 'db' in writer) {
    try {
      writer.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // A reader holds the log; the last connection to close moves it into the file.
    }
    writer.db.close()
  }
  answer({ type: 'closed', capture })
}
