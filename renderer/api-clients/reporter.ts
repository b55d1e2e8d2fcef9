/** Brings what an API said to the capture: stamped at once in the engine's clock, sent together once a frame. */
import { engine } from '../backend/index.ts'
import { oncePerFrame } from '../state/frames.ts'
import type { ApiName, Report } from './client.ts'
import { estimateOffset } from './clock-offset.ts'

/** The contract's bounds on one event, and on one call. */
const MOST_DATA = 1_000_000
const MOST_EVENTS = 1_000

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

export function createReporter(capture: string, api: ApiName): Reporter {
  // Events are stamped in our clock until the offset is known; it is known before the first ones are sent.
  const offset = estimateOffset(now, () => engine.now()).catch(() => 0)
  let queue: Event[] = []
  let sent: Promise<unknown> = Promise.resolve()

  const flush = (): void => {
    sent = sent.then(async () => {
      const shift = await offset
      while (queue.length > 0) {
        const batch = queue.splice(0, MOST_EVENTS)
        await engine.apiEvents(
          capture,
          batch.map((event) => ({ ...event, at: event.at + shift })),
        )
      }
    })
  }
  const soon = oncePerFrame(flush)

  return {
    report(event, more = {}) {
      const { data, text } = more
      queue.push({
        at: now(),
        api,
        event: event.slice(0, 100),
        ...(data === undefined ? {} : { data: data.slice(0, MOST_DATA) }),
        ...(text === undefined ? {} : { text: text.slice(0, 10_000) }),
      })
      soon()
    },
    async flush() {
      flush()
      await sent
      queue = []
    },
  }
}
