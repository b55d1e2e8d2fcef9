/**
 * Where captures lie: one file each in `<data directory>/captures`. Falls back to a temporary folder, with a
 * sentence, when the data directory cannot be written. Knows file names, not what is inside (main/capture does).
 */
import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDirectory } from '../capture/make-directory.ts'

export interface Library {
  directory: string
  /** Why it is not where it was asked to be; empty when it is. */
  warning: string
  /** A fresh id: its time first, so that ids sort by age. */
  newId(at: Date): string
  file(id: string): string
  /** Ids of what is there, newest first. */
  ids(): string[]
  /** Deletes a capture's file and SQLite's companions. */
  remove(id: string): void
}

const SUFFIX = '.pushscope'

export function createLibrary(dataDirectory: string): Library {
  const { directory, warning } = writable(join(dataDirectory, 'captures'))
  const file = (id: string): string => join(directory, `${id}${SUFFIX}`)
  return {
    directory,
    warning,
    file,
    newId: (at) => `${at.toISOString().replace(/\D/g, '').slice(0, 17)}-${randomBytes(3).toString('hex')}`,
    ids: () =>
      readdirSync(directory)
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length))
        .filter((id) => /^[\w-]{1,64}$/.test(id))
        .sort()
        .reverse(),
    remove(id) {
      for (const companion of ['', '-wal', '-shm', '-journal']) rmSync(file(id) + companion, { force: true })
    },
  }
}

function writable(wanted: string): { directory: string; warning: string } {
  try {
    makeDirectory(wanted)
    accessSync(wanted, constants.W_OK)
    return { directory: wanted, warning: '' }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    const directory = mkdtempSync(join(tmpdir(), 'pushscope-'))
    return {
      directory,
      warning: `${wanted} cannot be written (${why}); captures are kept in ${directory} until the system clears it.`,
    }
  }
}
