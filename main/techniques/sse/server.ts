/**
 * The SSE reference server: `/clock` is an event stream. It begins with the reconnection time, replays what came after
 * Last-Event-ID (or `?lastEventId=`) from a bounded history, then sends every tick with its seq as id, and comments
 * to keep the connection alive. `?event=`, `?retry=`, and `?interval=` for a clock of one's own, without replay.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createClock, type Tick } from '../clock.ts'
import { createHttpFront, numberOf, SLOW_CLIENT, whenOver, type Ask } from '../http-reply.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'
import { createHistory } from './history.ts'

interface Listener {
  response: ServerResponse
  /** Null: as the control says. */
  event: string | null
}

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // Reverse proxies hold answers back until a buffer is full; nginx lets itself be asked not to.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
}

export const createSseServer = (): ReferenceServer => createReferenceServer('sse', build)

function build(host: ServerHost): ServerParts {
  const listeners = new Set<Listener>()
  const history = createHistory()
  let comments = 0
  let commenting: NodeJS.Timeout | null = null
  let commentInterval = 0

  const front = createHttpFront('sse', (ask) => {
    const { request, response, query } = ask
    response.writeHead(200, HEADERS)
    if (ask.isHead) return void response.end()
    const listener = { response, event: query.get('event') }
    response.write(`retry: ${numberOf(query, 'retry', 0, 600_000, host.controls()['retry'])}\n\n`)
    const lastId = lastIdOf(ask)
    const interval = numberOf(query, 'interval', 1, 60_000, 0)
    if (interval > 0) return ownClock(listener, request.socket, interval, lastId ?? 0)
    if (lastId !== null) replay(listener, lastId)
    listeners.add(listener)
    whenOver(response, request.socket, () => listeners.delete(listener))
    adjustComments()
  })

  function replay(listener: Listener, lastId: number): void {
    const { ticks, lost } = history.after(lastId)
    if (lost > 0) listener.response.write(`: ${lost} events after ${lastId} are no longer kept\n\n`)
    for (const tick of ticks) say(listener, tick)
  }

  /** Keeps nothing: the numbers go on after the last event ID. */
  function ownClock(listener: Listener, socket: Socket, interval: number, lastId: number): void {
    const clock = createClock(
      () => ({ ...host.controls(), interval }),
      (tick) => say(listener, lastId === 0 ? tick : { ...tick, seq: tick.seq + lastId, json: later(tick, lastId) }),
    )
    clock.start()
    whenOver(listener.response, socket, clock.stop)
  }

  function say({ response, event }: Listener, tick: Tick): void {
    if (response.writableLength > SLOW_CLIENT) return // it sees a gap in the ids
    const name = oneLine(event ?? String(host.controls()['event']))
    const data = dataOf(tick.json).replaceAll('\n', '\ndata: ')
    response.write(`id: ${tick.seq}\n${name === '' ? '' : `event: ${name}\n`}data: ${data}\n\n`)
  }

  function adjustComments(): void {
    const wanted = listeners.size > 0 ? Number(host.controls()['keepAlive'] ?? 0) : 0
    if (wanted === commentInterval) return
    if (commenting) clearInterval(commenting)
    commenting = wanted > 0 ? setInterval(comment, wanted) : null
    commentInterval = wanted
  }

  function comment(): void {
    comments++
    for (const { response } of listeners) response.write(`: keep-alive ${comments}\n\n`)
    adjustComments()
  }

  return {
    accept: front.accept,
    tick(tick) {
      history.add(tick, Number(host.controls()['history'] ?? 0))
      for (const listener of listeners) say(listener, tick)
    },
    controlled: adjustComments,
    stopping() {
      if (commenting) clearInterval(commenting)
      commenting = null
      commentInterval = 0
    },
  }
}

/** Null when there is none, or none of ours. A header wins over the query: a reconnecting client cannot change its URL. */
function lastIdOf({ request, query }: Ask): number | null {
  const given = request.headers['last-event-id'] ?? query.get('lastEventId')
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : null
}

const later = (tick: Tick, by: number): string =>
  JSON.stringify({ ...(JSON.parse(tick.json) as object), seq: tick.seq + by })

/** Over several lines when the text has several, so that one sees what the stream makes of it; the same JSON. */
function dataOf(json: string): string {
  if (!json.includes('\\n')) return json
  const value = JSON.parse(json) as { text?: string }
  return value.text?.includes('\n') ? JSON.stringify(value, null, 1) : json
}

const oneLine = (name: string): string => name.replace(/[\r\n]/g, ' ')
