/**
 * A folder in the system's temporary one for as long as this process runs. A process that is killed leaves its folder
 * behind, with credentials that passed through it; the next one clears such leftovers away. Whether a folder's process
 * lives is told by a lock that it holds inside: unlike a process id, the system takes that back at any death, and
 * containers that share a folder see it alike.
 */
import { lstatSync, mkdtempSync, readdirSync, rmSync, type Stats } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

const PREFIX = 'pushscope-capture-'
const LOCK = 'lock'
/** ms in which a new folder's owner has surely come to lock it. */
const SETTLED = 60_000

export interface Scratch {
  readonly directory: string
  /** Deletes it with all it holds. Idempotent; a process that exits does it too, not one that a signal or a crash kills. */
  remove(): void
}

/** Makes a folder for this user alone. Throws an Error with a sentence when it cannot be made. */
export function createScratch(parent = tmpdir()): Scratch {
  removeLeftovers(parent)
  let directory: string
  try {
    directory = mkdtempSync(join(parent, PREFIX))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new Error(`${parent} cannot be written (${code}); TMPDIR names another place for what a capture keeps.`)
  }
  const lock = lockIn(directory, 'rwc')
  const remove = (): void => {
    process.off('exit', remove)
    if (lock?.isOpen) lock.close()
    attempt(() => rmSync(directory, { recursive: true, force: true }))
  }
  process.on('exit', remove)
  return { directory, remove }
}

function removeLeftovers(parent: string): void {
  for (const name of attempt(() => readdirSync(parent)) ?? []) {
    const directory = join(parent, name)
    if (!name.startsWith(PREFIX) || !isSettled(attempt(() => lstatSync(directory)))) continue
    const lock = lockIn(directory, 'rw')
    if (!lock) continue
    lock.close()
    attempt(() => rmSync(directory, { recursive: true, force: true }))
  }
}

/** A folder of this user's that nobody else could write to, and no link to one. */
const isSettled = (stats: Stats | null): boolean =>
  stats !== null &&
  stats.isDirectory() &&
  (process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o077) === 0)) &&
  Date.now() - stats.mtimeMs > SETTLED

/** Null when another process holds it, or, for `rw`, where there is none. */
function lockIn(directory: string, mode: 'rw' | 'rwc'): DatabaseSync | null {
  const database = attempt(() => new DatabaseSync(`${pathToFileURL(join(directory, LOCK)).href}?mode=${mode}`))
  try {
    database?.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE') // no second file: the disk may be full
    return database
  } catch {
    database?.close()
    return null
  }
}

function attempt<T>(act: () => T): T | null {
  try {
    return act()
  } catch {
    return null
  }
}
