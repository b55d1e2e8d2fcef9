/**
 * The iframe streaming reference server: `/clock` is a page that never ends and says every tick with one script.
 * `?dialect=parent|postmessage|write`, `?callback=` for the name of the parent's function, `?interval=` for a clock
 * of one's own.
 */
import type { ServerResponse } from 'node:http'
import { createClock, type Tick } from '../clock.ts'
import {
  callbackOf,
  createHttpFront,
  htmlSafe,
  numberOf,
  scriptSafe,
  SCRIPT_PAGE_HEADERS,
  SLOW_CLIENT,
  text,
  whenOver,
  type Ask,
} from '../http-reply.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'

type Dialect = (json: string, callback: string) => string

const DIALECTS: Readonly<Record<string, Dialect>> = {
  parent: (json, callback) => `parent.${callback}(${scriptSafe(json)})`,
  postmessage: (json) => `parent.postMessage(${scriptSafe(json)}, '*')`,
  write: (json) => `document.write(${scriptSafe(JSON.stringify(`<p>${htmlSafe(json)}</p>`))})`,
}

interface Reader {
  response: ServerResponse
  /** Null: as the control says. */
  dialect: string | null
  callback: string
}

export const createIframeStreamServer = (): ReferenceServer => createReferenceServer('iframe-stream', build)

function build(host: ServerHost): ServerParts {
  const readers = new Set<Reader>()
  const front = createHttpFront('iframe-stream', (ask) => {
    const dialect = ask.query.get('dialect')
    const callback = callbackOf(ask.query)
    if (callback === undefined) return text(ask.response, 400, 'The callback is no path of identifiers.\n')
    if (dialect !== null && !Object.hasOwn(DIALECTS, dialect)) {
      return text(ask.response, 400, `The dialect is one of ${Object.keys(DIALECTS).join(', ')}.\n`)
    }
    open(ask, { response: ask.response, dialect, callback: callback ?? 'tick' })
  })

  function open(ask: Ask, reader: Reader): void {
    ask.response.writeHead(200, { ...SCRIPT_PAGE_HEADERS, 'Cache-Control': 'no-store' })
    if (ask.isHead) return void ask.response.end()
    ask.response.write(BEGINNING)
    const interval = numberOf(ask.query, 'interval', 1, 60_000, 0)
    if (interval === 0) {
      readers.add(reader)
      whenOver(ask.response, ask.request.socket, () => readers.delete(reader))
    } else {
      const clock = createClock(
        () => ({ ...host.controls(), interval }),
        (tick) => say(reader, tick),
      )
      clock.start()
      whenOver(ask.response, ask.request.socket, clock.stop)
    }
  }

  function say({ response, dialect, callback }: Reader, tick: Tick): void {
    if (response.writableLength > SLOW_CLIENT) return
    const words = DIALECTS[dialect ?? String(host.controls()['dialect'])] ?? DIALECTS['parent']!
    response.write(`<script>${words(tick.json, callback)}</script>\n`)
  }

  return {
    accept: front.accept,
    tick(tick) {
      for (const reader of readers) say(reader, tick)
    },
  }
}

/** Browsers wait for about a kilobyte before they begin to render, and so to run scripts. */
const BEGINNING = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Clock</title>
<body>
<!-- ${'padding, so that the browser begins. '.repeat(28).trim()} -->
`
