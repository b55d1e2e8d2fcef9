/**
 * Points in time and spans of time. All spans are µs, as the engine counts them; the clock shown is the reader's own.
 * Sizes and counts are in numbers.ts.
 */
import { formatCount, significant, THIN } from './numbers.ts'

/**
 * The wall clock of a row, `16:04:16.480`, or with six `digits` `16:04:16.480 123`.
 * `us` since the capture started; `startedAt` is ISO 8601 or ms since the epoch. Cut, not rounded, like a clock.
 */
export function formatTime(us: number, startedAt: string | number, digits: 3 | 6 = 3): string {
  const started = typeof startedAt === 'number' ? startedAt : Date.parse(startedAt)
  if (!Number.isFinite(started) || !Number.isFinite(us)) return '–'
  const micros = Math.floor(started * 1000 + us)
  const date = new Date(Math.floor(micros / 1000))
  if (Number.isNaN(date.getTime())) return '–'
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  return digits === 3 ? clock : `${clock}${THIN}${pad(((micros % 1000) + 1000) % 1000, 3)}`
}

/** When something began, in at most six characters: `16:04` on the day of `now`, `Nov 27` before. Both in ms. */
export function formatWhen(at: number, now: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return '–'
  return date.toDateString() === new Date(now).toDateString()
    ? `${pad(date.getHours())}:${pad(date.getMinutes())}`
    : date.toLocaleDateString('en-US', { day: 'numeric', month: 'short' })
}

/** A span in at most seven characters, for the delta column: `+0.4 ms`, `+998 ms`, `+1.00 s`, `+2.5 min`. */
export function formatDelta(us: number): string {
  if (!Number.isFinite(us)) return ''
  return (us < 0 ? '\u2212' : '+') + shortSpan(Math.abs(us))
}

function shortSpan(us: number): string {
  if (us < 99.5) return `${us.toFixed(0)}${THIN}µs`
  if (us < 99_950) return `${(us / 1000).toFixed(1)}${THIN}ms`
  if (us < 999_500) return `${(us / 1000).toFixed(0)}${THIN}ms`
  if (us < 9_995_000) return `${(us / 1e6).toFixed(2)}${THIN}s`
  if (us < 99_950_000) return `${(us / 1e6).toFixed(1)}${THIN}s`
  if (us < 5_970_000_000) return `${(us / 6e7).toFixed(1)}${THIN}min`
  return `${(us / 3.6e9).toFixed(1)}${THIN}h`
}

/** A span with three significant digits, for sentences: `410 µs`, `4.10 ms`, `1.20 s`, `3 min 20 s`. */
export function formatDuration(us: number): string {
  if (!Number.isFinite(us)) return '–'
  if (us < 0) return `\u2212${formatDuration(-us)}`
  if (us < 999.5) return `${us.toFixed(0)}${THIN}µs`
  if (us < 999_500) return `${significant(us / 1000)}${THIN}ms`
  if (us < 59_950_000) return `${significant(us / 1e6)}${THIN}s`
  const seconds = Math.round(us / 1e6)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${THIN}min ${seconds % 60}${THIN}s`
  return `${formatCount(Math.floor(seconds / 3600))}${THIN}h ${Math.floor((seconds % 3600) / 60)}${THIN}min`
}

function pad(n: number, width = 2): string {
  return String(n).padStart(width, '0')
}
