/**
 * One connection of `pushscope capture`: from the connect call to the last row written. Ends when the peer does, or
 * when time, rows, the reader of the output or the user say so; then what is recorded by then is still written.
 */
import { setImmediate as breath } from 'node:timers/promises'
import {
  maskText,
  maskTarget,
  type CaptureProgress,
  type DetailsByKind,
  type Failure,
} from '../../preload/contract/index.ts'
import type { CaptureReader } from '../capture/capture.ts'
import type { Engine } from '../engine/engine.ts'
import type { CaptureCommand } from './arguments.ts'
import { say, type Output } from './output.ts'
import type { Stopper } from './stop.ts'

const ROWS_AT_ONCE = 500
/** Among so many rows is the `close` row of what ended just now. */
const LAST_ROWS = 8
const LAST_WORDS = 5_000 // ms for a closing handshake before the connection is left to itself

const UNREADABLE: Failure = { code: 'internal', message: 'The capture cannot be read.', hint: '' }

export interface RecordOptions {
  engine: Engine
  command: CaptureCommand
  url: string
  /** Write at most so many; Infinity for all. */
  rows: number
  out: Output
  stopper: Stopper
}

/** `code` as the exit code: 0 ended as asked, 1 failed, 2 wrong usage. */
export interface RecordOutcome {
  rows: number
  code: 0 | 1 | 2
}

export async function record({ engine, command, url, rows, out, stopper }: RecordOptions): Promise<RecordOutcome> {
  const news = createNews()
  const place = maskTarget(url) // for people and logs
  const seen = { open: false, state: '', message: '', progress: null as CaptureProgress | null }
  let id = ''
  const unsubscribe = engine.subscribe({
    ...DEAF,
    progress(progress) {
      if (id !== '' && progress.capture !== id) return
      seen.progress = progress
      if (progress.state === 'open') seen.open = true
      if (progress.state !== seen.state || progress.message !== seen.message) {
        seen.state = progress.state
        seen.message = progress.message
        say(`${place}: ${progress.message || progress.state}`)
      }
      news.tell()
    },
  })
  const started = await engine.api.connect({ ...command.request, url })
  const reader = started.ok ? engine.reader(started.value.id) : null
  if (!started.ok || !reader) {
    unsubscribe()
    const { code, message, hint } = started.ok ? UNREADABLE : started.error
    say(maskText(`${place}: ${message} ${hint}`.trim()))
    return { rows: 0, code: code === 'bad-url' || code === 'bad-argument' ? 2 : 1 }
  }
  id = started.value.id

  let over = false
  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    const patience = setTimeout(() => ((over = true), news.tell()), LAST_WORDS)
    void engine.api.disconnect(id).finally(() => {
      clearTimeout(patience)
      over = true
      news.tell()
    })
  }
  const timer = command.seconds === null ? null : setTimeout(end, command.seconds * 1_000)
  stopper.signal.addEventListener('abort', end)
  out.gone.addEventListener('abort', end)
  if (stopper.signal.aborted || out.gone.aborted) end()

  let written = 0
  let sending: Promise<boolean> | null = null
  const isOver = (): boolean => over || seen.progress?.state === 'closed' || seen.progress?.state === 'failed'
  for (;;) {
    const last = isOver() // asked before reading: what comes after is not missed
    if (seen.open && !ending) sending ??= sendAll(engine, id, command.send)
    const text = reader.ndjsonText(written + 1, Math.min(ROWS_AT_ONCE, rows - written), command.secrets)
    written += text.rows
    for (const piece of text.pieces) await out.write(piece)
    if (written >= rows) end()
    if (last && (text.rows === 0 || written >= rows || out.gone.aborted)) break
    if (text.rows > 0 && written < rows) await breath()
    else await news.wait()
  }

  if (timer) clearTimeout(timer)
  stopper.signal.removeEventListener('abort', end)
  out.gone.removeEventListener('abort', end)
  unsubscribe()
  const sent = command.send.length === 0 || ((await sending) ?? false)
  if (!sent && !sending) say(`${place}: it never opened, so nothing was sent.`)
  const opened = seen.open || (seen.progress?.messages ?? 0) > 0
  const tooSoon = ending && !opened && written < rows
  const failed = seen.progress?.state === 'failed' || tooSoon || (!ending && brokenOff(reader))
  if (tooSoon && seen.progress?.state !== 'failed') say(`${place}: it had not opened by then.`)
  await engine.api.deleteCapture(id)
  say(`${place}: ${written} ${written === 1 ? 'row' : 'rows'}.`)
  return { rows: written, code: failed || !sent ? 1 : 0 }
}

/**
 * Whether the other side left without the end that its protocol wants: the last `close` row says so. The rows before
 * it are not read whole: their messages may be large.
 */
export function brokenOff(reader: Pick<CaptureReader, 'count' | 'summaries' | 'detail'>): boolean {
  const rows = reader.summaries(0, Math.max(0, reader.count - LAST_ROWS), LAST_ROWS)
  const close = rows.findLast(({ kind }) => kind === 'close')
  const details = close ? (reader.detail(close.seq)?.details as Partial<DetailsByKind['close']> | null) : null
  return details?.clean === false
}

async function sendAll(engine: Engine, capture: string, texts: readonly string[]): Promise<boolean> {
  for (const text of texts) {
    const sent = await engine.api.send(capture, { type: 'text', text })
    if (sent.ok) continue
    say(`'${text.slice(0, 40)}' was not sent: ${sent.error.message}`)
    return false
  }
  return true
}

/** A bell: `wait` resolves at the next `tell`, or at once when one came since the last wait. */
function createNews(): { tell(): void; wait(): Promise<void> } {
  let told = false
  let wake: (() => void) | null = null
  return {
    tell() {
      told = true
      wake?.()
    },
    async wait() {
      if (!told) await new Promise<void>((resolve) => (wake = resolve))
      told = false
      wake = null
    },
  }
}

const ignore = (): void => undefined
const DEAF = {
  serversChanged: ignore,
  capturesChanged: ignore,
  progress: ignore,
  viewChanged: ignore,
  engineRestarted: ignore,
}
