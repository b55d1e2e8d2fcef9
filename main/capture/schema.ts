/**
 * The capture's file: tables, opening, and errors in plain words. Who writes is store-worker.ts.
 *
 * One page of rows is one row of `page`: narrow columns first, so that a filter stops reading after them.
 * `page_index` is small and read at once; `span` tells which pages hold a range of a stream.
 */
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { cutOf, openCut, type Cut } from './cut-short.ts'
import { captureError, messageOf, type CaptureError } from './errors.ts'
import { makeDirectory } from './make-directory.ts'

/** `PSCP`, so that `file` and we can tell a capture from other SQLite files. */
const APPLICATION_ID = 0x50534350
const VERSION = 1
const BUSY = 5_000 // ms

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE page_index (
    id INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, rows INTEGER NOT NULL,
    kinds INTEGER NOT NULL, flags INTEGER NOT NULL, totals TEXT NOT NULL
  );
  CREATE TABLE page (
    id INTEGER PRIMARY KEY, narrow BLOB NOT NULL, wide BLOB NOT NULL, details TEXT NOT NULL,
    segment_count INTEGER NOT NULL, segments BLOB NOT NULL, bytes BLOB NOT NULL, content BLOB NOT NULL
  );
  CREATE TABLE span (
    connection INTEGER NOT NULL, sender INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    page INTEGER NOT NULL, PRIMARY KEY (connection, sender, start)
  ) WITHOUT ROWID;
  CREATE TABLE connection (number INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL);
`

/**
 * `synchronous=NORMAL`: a commit costs no disk sync and survives the process; checkpoints are the writer's business.
 * 8 KiB pages: with large blobs as fast as 64 KiB ones, and a slow stream's small commits cost an eighth.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000;
`

/** A new file with its tables. Throws a CaptureError. */
export function createDatabase(file: string, meta: Readonly<Record<string, string>>): DatabaseSync {
  if (existsSync(file)) throw captureError('bad-argument', `${file} exists already.`)
  let db: DatabaseSync | null = null
  try {
    makeDirectory(dirname(file))
    db = new DatabaseSync(file, { timeout: BUSY })
    db.exec(`PRAGMA page_size = 8192; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION};`)
    db.exec(SETTINGS)
    db.exec(`BEGIN; ${SCHEMA}`)
    const insert = db.prepare('INSERT INTO meta VALUES (?, ?)')
    for (const [key, value] of Object.entries(meta)) insert.run(key, value)
    db.exec('COMMIT')
    return db
  } catch (error) {
    db?.close()
    throw cannotCreate(file, error)
  }
}

/** The writer's own connection to a file that createDatabase made. */
export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY })
  db.exec(SETTINGS)
  return db
}

/** An existing file, left by a killed process or lying on a read-only medium as well. Throws a CaptureError. */
export const openDatabase = (file: string): DatabaseSync => openWhatIsThere(file).db

/** The same; `cut` when the file ends too soon and no log beside it has the rest. SQLite itself lets a last page be short. */
export function openWhatIsThere(file: string): { db: DatabaseSync; cut: Cut | null } {
  if (!existsSync(file)) throw captureError('not-found', `${file} does not exist.`)
  const plain = [
    () => new DatabaseSync(file, { timeout: BUSY }),
    () => new DatabaseSync(file, { timeout: BUSY, readOnly: true }),
    () => new DatabaseSync(`${pathToFileURL(file).href}?immutable=1`, { readOnly: true }),
  ]
  const cut = cutOf(file)
  const logged = cut !== null && statSync(`${file}-wal`, { throwIfNoEntry: false })?.size
  let last: unknown
  for (const open of cut ? [...plain, openCut] : plain) {
    let db: DatabaseSync | null = null
    try {
      db = open(file)
      check(db, file)
      return { db, cut: open === openCut || !logged ? cut : null }
    } catch (error) {
      db?.close()
      if (isCaptureError(error)) throw error
      last = error
    }
  }
  throw damaged(file, last)
}

function check(db: DatabaseSync, file: string): void {
  const id = db.prepare('PRAGMA application_id').get()?.['application_id']
  if (id !== APPLICATION_ID) throw captureError('not-found', `${file} is not a Pushscope capture.`)
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > VERSION) throw captureError('not-found', `${file} was written by a newer version of Pushscope.`)
  db.prepare('SELECT count(*) FROM meta').get()
}

/** The sentence for a file of which nothing can be read; an error that has one already is left as it is. */
export function damaged(file: string, error: unknown): CaptureError {
  if (isCaptureError(error)) return error
  const cut = cutOf(file)
  return captureError(
    'not-found',
    cut
      ? `${file} is damaged: ${cut.missing} bytes are missing at its end, and no row can be read.`
      : `${file} is damaged or not a capture (${messageOf(error)}).`,
    error,
  )
}

const isCaptureError = (error: unknown): error is CaptureError =>
  error instanceof Error && (error as Partial<CaptureError>).code === 'not-found'

function cannotCreate(file: string, error: unknown): CaptureError {
  const { code, errcode } = error as { code?: string; errcode?: number }
  // SQLITE_READONLY 8, SQLITE_CANTOPEN 14
  const readOnly =
    ['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST'].includes(code ?? '') || errcode === 8 || errcode === 14
  return readOnly
    ? captureError('read-only', `${dirname(file)} cannot be written to: ${messageOf(error)}.`, error)
    : captureError('internal', `${file} cannot be made: ${messageOf(error)}.`, error)
}
