/**
 * Turns a capture's running totals into the few, small pushes that a window gets: at most 30 a second,
 * and none while nothing changes.
 */
import type { CaptureProgress, CaptureState } from '../../preload/contract/index.ts'
import type { CaptureStats } from '../capture/capture.ts'

const PUSHES_A_SECOND = 30
const RATE_WINDOW = 1_000_000 // µs
/** Rows of the tail: a screenful of 24 px rows on a tall screen. */
export const TAIL_ROWS = 64

export interface ProgressSource {
  id: string
  state(): CaptureState
  message(): string
  stats(): CaptureStats
  tail(): CaptureProgress['tail']
}

export interface ProgressMeter {
  /** The newest totals, computed now. */
  read(): CaptureProgress
  /** The state changed, which is rare and which nobody should miss: a push now. */
  changed(): void
  /** Stops the pushes after a last one. */
  stop(): void
}

export function createProgressMeter(source: ProgressSource, push: (progress: CaptureProgress) => void): ProgressMeter {
  const samples: { time: number; rows: number; bytes: number }[] = []
  let pushed = ''

  const rate = (stats: CaptureStats): CaptureProgress['rate'] => {
    const bytes = stats.bytes.client + stats.bytes.server
    samples.push({ time: stats.time, rows: stats.rows, bytes })
    while (samples.length > 2 && samples[1]!.time <= stats.time - RATE_WINDOW) samples.shift()
    const first = samples[0]!
    const seconds = Math.max(stats.time - first.time, RATE_WINDOW / 10) / 1_000_000
    return { rows: (stats.rows - first.rows) / seconds, bytes: (bytes - first.bytes) / seconds }
  }

  const read = (): CaptureProgress => {
    const stats = source.stats()
    return {
      capture: source.id,
      state: source.state(),
      message: source.message(),
      rows: stats.rows,
      bytes: stats.bytes,
      payload: stats.payload,
      messages: stats.messages,
      rate: rate(stats),
      findings: stats.findings,
      time: stats.time,
      ping: stats.ping,
      unstored: stats.unstored,
      tail: source.tail(),
    }
  }

  const beat = (): void => {
    const stats = source.stats()
    const rates = samples.length > 0 && samples.at(-1)!.rows !== samples[0]!.rows
    const now = `${stats.rows} ${stats.bytes.client} ${stats.bytes.server}`
    if (now === pushed && !rates) return
    pushed = now
    push(read())
  }
  const timer = setInterval(beat, 1_000 / PUSHES_A_SECOND)
  timer.unref()

  return {
    read,
    changed: () => push(read()),
    stop() {
      clearInterval(timer)
      push(read())
    },
  }
}
