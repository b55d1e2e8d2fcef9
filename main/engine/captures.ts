/**
 * All captures: those that run, those that ran in this process and are still open, and those on disk.
 */
import { DEFAULT_LIMITS, fail, ok } from '../../preload/contract/index.ts'
import type { CaptureInfo, CaptureProgress, Failure, Limits, Result, Technique } from '../../preload/contract/index.ts'
import { createCapture, openCapture, readCaptureInfo, renameCapture, type CaptureReader } from '../capture/capture.ts'
import type { Recorder } from '../capture/recorder.ts'
import type { Library } from './library.ts'
import { readProgress } from './past.ts'
import { createSession, engineNow, type Session, type SessionSetup } from './session.ts'

/** Past captures kept open at once, and as many that ended in this process; the least recently used is closed first. */
const OPEN_PAST = 8

export interface Captures {
  list(): CaptureInfo[]
  /** A new file and a session that writes to it. */
  begin(start: {
    name: string
    url: string
    technique: Technique | null
    source: CaptureInfo['source']
  }): Result<{ session: SessionSetup; recorder: Recorder }>
  session(id: string): Session | null
  reader(id: string): Result<CaptureReader>
  progress(id: string): Result<CaptureProgress>
  rename(id: string, name: string): Result<null>
  remove(id: string): Promise<Result<null>>
  close(): Promise<void>
}

export interface CapturesOptions {
  library: Library
  limits?: Partial<Limits> | undefined
  onProgress(progress: CaptureProgress): void
  onChange(): void
}

export function createCaptures({ library, limits, onProgress, onChange }: CapturesOptions): Captures {
  const sessions = new Map<string, SessionSetup>()
  const past = new Map<string, CaptureReader>()
  const names = new Map<string, string>()
  const infos = new Map<string, CaptureInfo | null>()
  const closings = new Map<string, Promise<void>>()

  /** A session that ended holds files open: only the last few stay, the others are past captures like any other. */
  const closeEnded = (): void => {
    const over = [...sessions.values()].filter((session) => isOver(session.info().state))
    for (const session of over.slice(0, -OPEN_PAST)) {
      const { id } = session
      sessions.delete(id)
      infos.set(id, session.info())
      const closing = session.close().finally(() => closings.delete(id))
      closings.set(id, closing)
    }
  }
  const touched = (id: string): SessionSetup | undefined => {
    const session = sessions.get(id)
    if (!session) return undefined
    sessions.delete(id)
    sessions.set(id, session) // most recently used last
    return session
  }

  const pastInfo = (id: string): CaptureInfo | null => {
    if (!infos.has(id))
      infos.set(
        id,
        attempt(() => readCaptureInfo(library.file(id))),
      )
    return infos.get(id) ?? null
  }

  const openPast = (id: string): Result<CaptureReader> => {
    const open = past.get(id)
    if (open) {
      past.delete(id)
      past.set(id, open) // most recently used last
      return ok(open)
    }
    if (!library.ids().includes(id)) return notFound(id)
    try {
      const reader = openCapture(library.file(id))
      past.set(id, reader)
      for (const [oldest, old] of past) {
        if (past.size <= OPEN_PAST) break
        old.close()
        past.delete(oldest)
      }
      return ok(reader)
    } catch (error) {
      return { ok: false, error: broken(error) }
    }
  }

  return {
    list: () =>
      [...new Set([...sessions.keys(), ...library.ids()])]
        .sort()
        .reverse()
        .map((id) => {
          const info = sessions.get(id)?.info() ?? pastInfo(id)
          return info && { ...info, id, name: names.get(id) ?? info.name } // a copied file is known by its own name
        })
        .filter((info) => info !== null),

    begin: ({ name, url, technique, source }) => {
      closeEnded()
      const startedAt = engineNow()
      const id = library.newId(new Date(startedAt))
      try {
        const capture = createCapture({
          file: library.file(id),
          limits: { ...DEFAULT_LIMITS, ...limits },
          meta: { id, name, url, technique, source },
          startedAt,
        })
        const session = createSession({
          capture,
          info: { id, name, url, technique, source, startedAt: new Date(startedAt).toISOString() },
          onProgress,
          onState: onChange,
        })
        sessions.set(id, session)
        onChange()
        return ok({ session, recorder: capture.recorder })
      } catch (error) {
        return fail(
          'read-only',
          `The capture file cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          'Check free space and permissions of the data directory.',
        )
      }
    },

    session: (id) => sessions.get(id) ?? null,

    reader: (id) => {
      const session = touched(id)
      return session ? ok(session.reader) : openPast(id)
    },

    progress: (id) => {
      const session = touched(id)
      if (session) return ok(session.progress())
      const reader = openPast(id)
      return reader.ok ? ok(readProgress(id, reader.value)) : reader
    },

    rename: (id, name) => {
      if (!sessions.has(id) && !library.ids().includes(id)) return notFound(id)
      renameCapture(library.file(id), name)
      names.set(id, name)
      onChange()
      return ok(null)
    },

    remove: async (id) => {
      if (!sessions.has(id) && !library.ids().includes(id)) return notFound(id)
      await sessions.get(id)?.close()
      await closings.get(id)
      sessions.delete(id)
      past.get(id)?.close()
      past.delete(id)
      infos.delete(id)
      library.remove(id)
      onChange()
      return ok(null)
    },

    close: async () => {
      await Promise.all([...[...sessions.values()].map((session) => session.close()), ...closings.values()])
      for (const reader of past.values()) reader.close()
      past.clear()
    },
  }
}

const isOver = (state: CaptureInfo['state']): boolean => state === 'closed' || state === 'failed'

const notFound = (id: string): Result<never> =>
  fail('not-found', `There is no capture ${id}.`, 'It may have been deleted.')

const broken = (error: unknown): Failure => ({
  code: 'not-found',
  message: `The capture cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
  hint: 'The file may be damaged or from a newer version.',
})

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null // a damaged file is left where it is and not listed
  }
}
