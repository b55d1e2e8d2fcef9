/**
 * Brings what an API said to the capture, stamped at once in the engine's clock. What comes after a rest is sent at
 * once, so that its row stands near the wire's; what comes in a flood is sent together, once a frame.
 */
import { engine } from '../backend/index.ts'
import { oncePerFrame } from '../state/frames.ts'
import type { ApiName, Report } from './client.ts'
import { estimateOffset } from './clock-offset.ts'

/** The contract's bounds on one event, and on one call. */
const MOST_DATA = 1_000_000
const MOST_EVENTS = 1_000
/** Events that may wait while the engine cannot be reached. */
const MOST_WAITING = 100_000

interface Event {
  at: number
  api: string
  event: string
  data?: string
  text?: string
}

export interface Reporter {
  report: Report
  /** Resolves when everything reported so far has reached the engine. */
  flush(): Promise<void>
}

const now = (): number => performance.timeOrigin + performance.now()

/** ms from our clock to the engine's; 0 when the engine does not tell. */
export const clockOffset = (): Promise<number> => estimateOffset(now, () => engine.now()).catch(() => 0)

const REST = 50 // ms without an event

export function createReporter(capture: string, api: ApiName, offset: number): Reporter {
  let last = -REST
  let lost = 0
  const queue: Event[] = []
  let sent: Promise<unknown> = Promise.resolve()

  const flush = (): void => {
    sent = sent.then(async () => {
      while (queue.length > 0) {
        const batch = queue.splice(0, MOST_EVENTS)
        await engine.apiEvents(
          capture,
          batch.map((event) => ({ ...event, at: event.at + offset })),
        )
      }
    })
  }
  const soon = oncePerFrame(flush)

  return {
    report(event, more = {}) {
      const { data, text } = more
      const at = now()
      if (queue.length >= MOST_WAITING) return void lost++
      if (lost > 0) {
        queue.push({
          at,
          api,
          event: 'note',
          text: `${lost} events were not recorded: the engine could not be reached.`,
        })
        lost = 0
      }
      queue.push({
        at,
        api,
        event: event.slice(0, 100),
        ...(data === undefined ? {} : { data: data.slice(0, MOST_DATA) }),
        ...(text === undefined ? {} : { text: text.slice(0, 10_000) }),
      })
      if (at - last >= REST) queueMicrotask(flush)
      else soon()
      last = at
    },
    async flush() {
      flush()
      await sent
    },
  }
}
