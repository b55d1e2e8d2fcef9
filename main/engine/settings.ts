/**
 * What a window wants to find again at the next start (panes, theme, whose news were seen): names with JSON values, in
 * `<data directory>/settings.sqlite`. A database, so that several instances of the app may write at once; what a value
 * means is the window's business. Opened when first asked for.
 */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Json } from '../../preload/contract/index.ts'
import { messageOf } from '../capture/errors.ts'
import { makeDirectory } from '../capture/make-directory.ts'

export interface Settings {
  all(): Record<string, Json>
  save(name: string, value: Json): void
  close(): void
}

/** ms to wait for another instance that writes. */
const PATIENCE = 500

/**
 * No disk sync: it could hold the engine for seconds. A process that ends loses nothing; a power failure may damage the
 * file, and a damaged file is set aside.
 */
const SCHEMA = `PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`

/** https://sqlite.org/rescode.html : SQLITE_ERROR (a table of another shape), SQLITE_CORRUPT, SQLITE_NOTADB */
const DAMAGED = [1, 11, 26]

export function createSettings(dataDirectory: string, log: (error: unknown) => void): Settings {
  const file = join(dataDirectory, 'settings.sqlite')
  let database: DatabaseSync | null = null

  const open = (path: string): DatabaseSync => {
    const opened = new DatabaseSync(path, { timeout: PATIENCE })
    try {
      opened.exec(SCHEMA)
      opened.prepare('SELECT name, value FROM settings').all()
      return opened
    } catch (error) {
      opened.close()
      throw error
    }
  }

  /** Keeps the damaged file for whoever wants to know what happened to it. False when it cannot be moved. */
  const setAside = (why: unknown): boolean => {
    try {
      renameSync(file, `${file}.damaged`)
      rmSync(`${file}-journal`, { force: true })
    } catch {
      return false
    }
    log(`${file} is damaged (${messageOf(why)}): it is now ${file}.damaged, and settings begin anew.`)
    return true
  }

  /** The file, or memory when there can be none: a read-only place, or one that stays damaged. */
  const openSome = (): DatabaseSync => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      try {
        makeDirectory(dataDirectory)
        return open(file)
      } catch (error) {
        if (isDamage(error) && setAside(error)) continue
        log(`${file} cannot be used (${messageOf(error)}): settings are kept until the end of this run.`)
        break
      }
    }
    return open(':memory:')
  }

  /** Asks the database; when that finds damage, asks a fresh one. */
  const ask = <T>(question: (database: DatabaseSync) => T): T => {
    database ??= openSome()
    try {
      return question(database)
    } catch (error) {
      if (!isDamage(error)) throw error
      database.close()
      setAside(error)
      database = openSome()
      return question(database)
    }
  }

  return {
    all: () =>
      ask((db) => {
        const rows = db.prepare('SELECT name, value FROM settings').all()
        return Object.fromEntries(rows.map((row) => [String(row['name']), parse(String(row['value']))]))
      }),
    save(name, value) {
      ask((db) => db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run(name, JSON.stringify(value)))
    },
    close() {
      database?.close()
      database = null
    },
  }
}

const isDamage = (error: unknown): boolean => DAMAGED.includes(Number((error as { errcode?: unknown }).errcode))

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
