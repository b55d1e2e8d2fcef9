/**
 * What a window wants to find again at the next start (panes, theme, whose news were seen): names with JSON values, in
 * `<data directory>/settings.sqlite`. A database, so that several instances of the app may write at once; what a value
 * means is the window's business. Opened when first asked for; what cannot be written waits in memory, so that no
 * trouble with the file ends a call.
 */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Json, type Result } from '../../preload/contract/index.ts'
import { messageOf } from '../capture/errors.ts'
import { makeDirectory } from '../capture/make-directory.ts'

export interface Settings {
  all(): Record<string, Json>
  /** Refuses a new name when there are `MOST` already. How long names and values may be is check.ts. */
  save(name: string, value: Json): Result<null>
  close(): void
}

/** Names that are kept; the window has about twenty. */
const MOST = 256

/** ms to wait for another instance that writes; the engine stands still meanwhile. */
const PATIENCE = 100
const LAST_PATIENCE = 2_000

/**
 * No disk sync: it could hold the engine for seconds. A process that ends loses nothing; a power failure may damage the
 * file, and a damaged file is set aside.
 */
const SCHEMA = `PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`

/** https://sqlite.org/rescode.html : SQLITE_ERROR (a table of another shape), SQLITE_CORRUPT, SQLITE_NOTADB */
const DAMAGED = [1, 11, 26]
/** SQLITE_BUSY, SQLITE_LOCKED */
const LOCKED = [5, 6]

export function createSettings(dataDirectory: string, log: (error: unknown) => void): Settings {
  const file = join(dataDirectory, 'settings.sqlite')
  let database: DatabaseSync | null = null
  const unwritten = new Map<string, Json>()
  /** Names that were let in: their file need not be asked again, which may be locked. */
  const known = new Set<string>()
  let complained = false

  const open = (): DatabaseSync => {
    makeDirectory(dataDirectory)
    const opened = new DatabaseSync(file, { timeout: PATIENCE })
    try {
      opened.exec(SCHEMA)
      opened.prepare('SELECT name, value FROM settings').all()
      return opened
    } catch (error) {
      opened.close()
      throw error
    }
  }

  const close = (): void => {
    database?.close()
    database = null
  }

  /** Keeps the damaged file for whoever wants to know what happened to it. */
  const setAside = (why: unknown): void => {
    renameSync(file, `${file}.damaged`)
    rmSync(`${file}-journal`, { force: true })
    log(`${file} is damaged (${messageOf(why)}): it is now ${file}.damaged, and settings begin anew.`)
  }

  /**
   * Asks the database. One that fails is opened again: its file may have been removed, or set aside by another
   * instance. Only what is damaged then too is set aside.
   */
  const ask = <T>(question: (database: DatabaseSync) => T): T => {
    for (let attempt = 1; ; attempt++) {
      try {
        database ??= open()
        return question(database)
      } catch (error) {
        if (isOneOf(LOCKED, error)) throw error
        close()
        if (attempt === 1) continue
        if (attempt === 3 || !isOneOf(DAMAGED, error)) throw error
        setAside(error)
      }
    }
  }

  /** False when it must wait: a lock, a full disk, a read-only place. Said once, until something can be written. */
  const tried = (act: () => void): boolean => {
    try {
      act()
      return true
    } catch (error) {
      if (!complained) log(`${file} cannot be used (${messageOf(error)}): settings are kept in memory until it can.`)
      complained = true
      return false
    }
  }

  const write = (): void => {
    if (unwritten.size === 0) return
    const written = tried(() =>
      ask((db) => {
        const insert = db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)')
        for (const [name, value] of unwritten) insert.run(name, JSON.stringify(value))
      }),
    )
    if (!written) return
    unwritten.clear()
    complained = false
  }

  const isOneTooMany = (name: string): boolean => {
    const names = new Set(unwritten.keys())
    tried(() => {
      for (const row of ask((db) => db.prepare('SELECT name FROM settings').all())) names.add(String(row['name']))
    })
    if (names.size >= MOST && !names.has(name)) return true
    known.add(name)
    return false
  }

  return {
    all() {
      const kept = new Map<string, Json>()
      tried(() => {
        const rows = ask((db) => db.prepare('SELECT name, value FROM settings').all())
        for (const row of rows) kept.set(String(row['name']), parse(String(row['value'])))
      })
      return Object.fromEntries([...kept, ...unwritten])
    },
    save(name, value) {
      if (!known.has(name) && isOneTooMany(name))
        return fail('bad-argument', `saveSetting: there are ${MOST} settings already.`)
      unwritten.set(name, value)
      write()
      return ok(null)
    },
    close() {
      if (unwritten.size > 0) database?.exec(`PRAGMA busy_timeout = ${LAST_PATIENCE}`) // nothing comes after it
      write()
      close()
    },
  }
}

const isOneOf = (codes: readonly number[], error: unknown): boolean =>
  // The upper bits say more of the same: https://sqlite.org/rescode.html#primary_result_codes_versus_extended_result_codes
  codes.includes(Number((error as { errcode?: unknown }).errcode) & 0xff)

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
