/**
 * Files that end too soon: a copy that was broken off, a disk that filled. SQLite refuses them as a whole, though
 * all that lies before the cut can be read. https://sqlite.org/fileformat2.html#the_database_header
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

export interface Cut {
  /** Bytes that are not there. */
  readonly missing: number
  /** The cut goes through a page of SQLite's, which reads as zeros behind it. */
  readonly ragged: boolean
}

/** Null where the file is as long as its header says, or says nothing. */
export function cutOf(file: string): Cut | null {
  const header = Buffer.alloc(100)
  try {
    const descriptor = openSync(file, 'r')
    try {
      if (readSync(descriptor, header) < header.length) return null
    } finally {
      closeSync(descriptor)
    }
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return null
    const page = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    const { size } = statSync(file)
    const missing = header.readUInt32BE(28) * page - size
    return missing > 0 ? { missing, ragged: size % page !== 0 } : null
  } catch {
    return null
  }
}

/** Read-only, and without the comparison of the file's length to its header, which `writable_schema` turns off. */
export function openCut(file: string): DatabaseSync {
  const url = `${pathToFileURL(file).href}?immutable=1`
  const db = new DatabaseSync(url, { readOnly: true, defensive: false })
  db.exec('PRAGMA writable_schema = ON')
  return db
}
