/**
 * One running capture and what feeds it: a probe, a door to a local server, or a local server as a whole.
 * Starts nothing by itself (sources.ts does); keeps state, message and progress in one place.
 */
import {
  fail,
  maskText,
  ok,
  type CaptureInfo,
  type CaptureProgress,
  type CaptureState,
  type DetailsByKind,
  type Outgoing,
  type Result,
} from '../../preload/contract/index.ts'
import type { Capture, CaptureEnding, CaptureReader } from '../capture/capture.ts'
import { createProgressMeter, TAIL_ROWS, type ProgressMeter } from './progress.ts'

/** What feeds a session. */
export interface Source {
  send(message: Outgoing): Result<null>
  /** Ends it; resolves when every byte is recorded. Idempotent. */
  close(): Promise<void>
}

export interface Session {
  readonly id: string
  readonly reader: CaptureReader
  info(): CaptureInfo
  progress(): CaptureProgress
  send(message: Outgoing): Result<null>
  apiEvents(events: ApiEvent[]): void
  /** Ends the source, keeps the capture readable. */
  disconnect(): Promise<void>
  /** `disconnect`, then closes the file. */
  close(): Promise<void>
}

/** `at`: ms since the epoch in the engine's clock. */
export interface ApiEvent {
  at: number
  api: string
  event: string
  data?: string | undefined
  text?: string | undefined
}

export interface SessionOptions {
  capture: Capture
  info: Pick<CaptureInfo, 'id' | 'name' | 'url' | 'technique' | 'source' | 'startedAt'>
  onProgress(progress: CaptureProgress): void
  /** State changed, or it ended: the list of captures should be told. */
  onState(): void
}

/** The engine's clock: ms since the epoch, with fractions, monotonic. */
export const engineNow = (): number => performance.timeOrigin + performance.now()

/** The controls a source has over its session while it starts and runs. */
export interface SessionSetup extends Session {
  attach(source: Source): void
  state(state: CaptureState, message: string): void
  /** The source is over. */
  ended(state: 'closed' | 'failed', message: string): Promise<void>
}

export function createSession({ capture, info, onProgress, onState }: SessionOptions): SessionSetup {
  let state: CaptureState = 'connecting'
  let message = ''
  let source: Source | null = null
  let over = false
  let ending: Promise<void> | null = null
  let closing: Promise<void> | null = null

  const { reader } = capture
  const meter: ProgressMeter = createProgressMeter(
    {
      id: info.id,
      state: () => state,
      message: () => message,
      stats: () => capture.stats(),
      tail: () => reader.summaries(0, Math.max(0, reader.count - TAIL_ROWS), TAIL_ROWS),
    },
    onProgress,
  )

  /** A full disk keeps the rows that it has; how they ended is then known here only. */
  const keepEnding = (ending: CaptureEnding): void => {
    try {
      capture.keepEnding(ending)
    } catch {
      // told by the row that says from where on nothing was stored
    }
  }

  const end = async (next: CaptureEnding['state'], text: string): Promise<void> => {
    over = true
    state = next
    message = maskText(text)
    await capture.flush()
    keepEnding({ state: next, message })
    meter.stop()
    onState()
  }

  const session: SessionSetup = {
    id: info.id,
    reader,
    info: () => {
      const stats = capture.stats()
      return { ...info, state, rows: stats.rows, bytes: stats.bytes.client + stats.bytes.server }
    },
    progress: () => meter.read(),
    send: (outgoing) =>
      source && !over
        ? source.send(outgoing)
        : fail('not-connected', 'The connection is closed.', 'Connect again, then send.'),
    apiEvents: (events) => {
      for (const event of events) {
        capture.recorder.local({
          kind: 'api-event',
          at: Math.max(0, capture.recorder.now() - (engineNow() - event.at) * 1_000),
          details: definedOnly(event),
        })
      }
    },
    disconnect: async () => {
      await source?.close()
      if (!over) await session.ended('closed', '')
    },
    close: () =>
      (closing ??= session
        .disconnect()
        .then(() => ending)
        .then(() => capture.close())),

    attach: (attached) => {
      source = attached
    },
    state: (next, said) => {
      const text = maskText(said)
      if (over || (state === next && message === text)) return
      state = next
      message = text
      meter.changed()
      onState()
    },
    ended: (next, text) => (ending ??= end(next, text)),
  }
  return session
}

function definedOnly(event: ApiEvent): DetailsByKind['api-event'] {
  const { api, event: name, data, text } = event
  return {
    api: api as DetailsByKind['api-event']['api'],
    event: name,
    ...(data === undefined ? {} : { data }),
    ...(text === undefined ? {} : { text }),
  }
}

export const done = ok(null)
