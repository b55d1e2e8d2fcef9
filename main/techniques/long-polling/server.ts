/**
 * The long polling reference server: `/clock?since=N` answers at once when there is a tick after N, else holds the
 * request until the next tick, or answers 204 at the timeout. The cursor for the next request is the answer's `seq`.
 * `?timeout=` in ms, `?callback=` for JSONP.
 */
import type { Tick } from '../clock.ts'
import { callbackOf, createHttpFront, numberOf, sendJson, text, whenOver, type Ask } from '../http-reply.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'

/** A client may pipeline requests without end on one connection. */
const MOST_WAITERS = 10_000
const HEADERS = { 'Cache-Control': 'no-store' }

export const createLongPollingServer = (): ReferenceServer => createReferenceServer('long-polling', build)

function build(host: ServerHost): ServerParts {
  const waiters = new Set<(tick: Tick | null) => void>()
  const front = createHttpFront('long-polling', (ask) => {
    if (callbackOf(ask.query) === undefined) return sendJson(ask, '', HEADERS) // which says so
    const since = numberOf(ask.query, 'since', 0, Number.MAX_SAFE_INTEGER, 0)
    const tick = host.lastTick()
    if (tick !== null && tick.seq > since) sendTick(ask, tick)
    else if (waiters.size >= MOST_WAITERS) text(ask.response, 503, 'Too many are waiting.\n', { 'Retry-After': '1' })
    else hold(ask, numberOf(ask.query, 'timeout', 10, 600_000, host.controls()['timeout']))
  })

  function hold(ask: Ask, timeout: number): void {
    const settle = (tick: Tick | null): void => {
      forget()
      sendTick(ask, tick)
    }
    const forget = (): void => {
      clearTimeout(timer)
      waiters.delete(settle)
    }
    const timer = setTimeout(settle, timeout, null)
    waiters.add(settle)
    whenOver(ask.response, ask.request.socket, forget) // answered, or the client went away
  }

  return {
    accept: front.accept,
    tick(tick) {
      for (const settle of [...waiters]) settle(tick)
    },
    stopping() {
      for (const settle of [...waiters]) settle(null)
    },
  }
}

function sendTick(ask: Ask, tick: Tick | null): void {
  if (tick) sendJson(ask, tick.json, HEADERS)
  else ask.response.writeHead(204, HEADERS).end()
}
