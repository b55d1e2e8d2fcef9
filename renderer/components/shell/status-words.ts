/** Words of the status line. Pure. */
import type { CaptureState } from '../../../preload/contract/index.ts'

const WORDS: Readonly<Record<CaptureState, string>> = {
  connecting: 'Connecting',
  open: 'Open',
  waiting: 'Waiting',
  closed: 'Closed',
  failed: 'Failed',
}
export const stateWord = (state: CaptureState): string => WORDS[state]

/** µs as `00:02:14`. */
export function clockText(us: number): string {
  const seconds = Math.max(0, Math.floor(us / 1_000_000))
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
