/**
 * The life of a probe: its state, told once per change, and its end, told once. What a probe does meanwhile is
 * its technique's own business.
 */
import type { ConnectionRecorder } from '../capture/recorder.ts'
import { errorRow, type Trouble } from './failure.ts'
import type { Outcome, ProbeOptions, ProbeState } from './technique.ts'

export interface Life {
  readonly state: ProbeState
  readonly over: boolean
  readonly done: Promise<Outcome>
  /** Ignored once it is over. */
  to(state: ProbeState, message: string): void
  /** Ended as asked, or by the peer after it had been open. */
  ended(message: string): void
  /** For good; writes the `error` row. */
  failed(trouble: Trouble, connection: ConnectionRecorder | null): void
}

/** `release` frees what the probe holds and resolves when every byte is recorded. */
export function createLife(
  { recorder, onState }: Pick<ProbeOptions, 'recorder' | 'onState'>,
  release: () => Promise<void>,
): Life {
  let state: ProbeState = 'connecting'
  let told = ''
  let resolveDone: (outcome: Outcome) => void = () => undefined
  const done = new Promise<Outcome>((resolve) => (resolveDone = resolve))
  const over = (): boolean => state === 'closed' || state === 'failed'

  const to = (next: ProbeState, message: string): void => {
    if (over() || (state === next && told === message)) return
    state = next
    told = message
    onState(next, message)
  }

  const finish = (next: 'closed' | 'failed', message: string, outcome: Outcome): void => {
    if (over()) return
    to(next, message)
    void release()
      .catch(() => undefined)
      .then(() => resolveDone(outcome))
  }

  return {
    get state() {
      return state
    },
    get over() {
      return over()
    },
    done,
    to,
    ended: (message) => finish('closed', message, { how: 'ended' }),
    failed(trouble, connection) {
      if (over()) return
      ;(connection ?? recorder).local(errorRow(trouble))
      finish('failed', trouble.failure.message, { how: 'failed', failure: trouble.failure })
    },
  }
}

/** Resolves after `ms`, or at once when aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve()
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish, { once: true })
  })

/** ms before the nth attempt (from 1): one second, doubling to thirty. */
export const backOff = (attempt: number): number => Math.min(30_000, 1_000 * 2 ** (attempt - 1))
