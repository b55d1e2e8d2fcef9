/**
 * The tick that every reference server sends: a sequence number and the server's time, so that whoever receives
 * it can compute latency and loss. Knows no sockets.
 */
import type { ControlValues } from '../../preload/contract/index.ts'

export interface Tick {
  /** From 1, one more each time. */
  seq: number
  /** ms since the epoch. */
  at: number
  /** `{"seq":410,"at":1795198451901}`, with `"text"` and `"pad"` when the controls ask for them. */
  json: string
}

export interface Clock {
  last(): Tick | null
  /** One tick now, between the others. */
  push(): Tick
  start(): void
  stop(): void
  /** The interval or pause may have changed. */
  adjust(): void
}

/** `read` gives the current controls: interval (ms), paused, payloadText, payloadSize (bytes of padding). */
export function createClock(read: () => ControlValues, onTick: (tick: Tick) => void): Clock {
  let last: Tick | null = null
  let timer: NodeJS.Timeout | null = null
  let running = false
  let interval = 0

  const push = (): Tick => {
    const values = read()
    const seq = (last?.seq ?? 0) + 1
    const at = Date.now()
    last = { seq, at, json: tickJson(seq, at, String(values['payloadText'] ?? ''), Number(values['payloadSize'] ?? 0)) }
    onTick(last)
    return last
  }

  const adjust = (): void => {
    const values = read()
    const wanted = running && values['paused'] !== true ? Math.max(1, Number(values['interval'] ?? 1_000)) : 0
    if (wanted === interval) return
    if (timer) clearInterval(timer)
    timer = wanted > 0 ? setInterval(push, wanted) : null
    interval = wanted
  }

  return {
    last: () => last,
    push,
    adjust,
    start() {
      running = true
      adjust()
    },
    stop() {
      running = false
      adjust()
    },
  }
}

function tickJson(seq: number, at: number, text: string, padding: number): string {
  return JSON.stringify({
    seq,
    at,
    ...(text === '' ? {} : { text }),
    ...(padding > 0 ? { pad: 'x'.repeat(padding) } : {}),
  })
}
