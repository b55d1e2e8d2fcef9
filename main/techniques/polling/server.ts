/**
 * The polling reference server: `/clock` answers at once with the newest tick. JSON with an ETag (304 for a client
 * that has it), JSONP with `?callback=`, and with `?as=html` a page for an iframe that is loaded again and again.
 */
import { createHttpFront, htmlSafe, scriptSafe, SCRIPT_PAGE_HEADERS, send, sendJson, type Ask } from '../http-reply.ts'
import { createReferenceServer, type ServerHost, type ServerParts } from '../reference-server.ts'
import type { ReferenceServer } from '../technique.ts'

export const createPollingServer = (): ReferenceServer => createReferenceServer('polling', build)

function build(host: ServerHost): ServerParts {
  const front = createHttpFront('polling', (ask) => {
    const tick = host.lastTick()
    const json = tick?.json ?? JSON.stringify({ seq: 0, at: Date.now() })
    // Two runs of the server number their ticks alike, hence the time.
    answer(ask, json, tick ? `${tick.seq}-${tick.at}` : null)
  })
  return { accept: front.accept, tick: () => undefined }
}

/** `version` names the tick; null before the first. */
function answer(ask: Ask, json: string, version: string | null): void {
  const form = ask.query.get('as') === 'html' ? 'html' : (ask.query.get('callback') ?? '')
  const etag = version === null ? null : form === '' ? `"${version}"` : `"${version}-${encodeURIComponent(form)}"`
  // no-cache: a cache may keep the answer, and asks whether it is still the newest before each use.
  const headers = { 'Cache-Control': 'no-cache', ...(etag === null ? {} : { ETag: etag }) }
  if (etag !== null && hasTag(ask.request.headers['if-none-match'], etag)) {
    ask.response.writeHead(304, headers).end()
  } else if (form === 'html') send(ask, 200, { ...SCRIPT_PAGE_HEADERS, ...headers }, page(json))
  else sendJson(ask, json, headers)
}

// RFC 9110 13.1.2: a list of tags, compared weakly, or `*`.
const hasTag = (list: string | undefined, tag: string): boolean =>
  list?.trim() === '*' || (list?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag) ?? false)

const page = (json: string): string => `<!doctype html>
<title>Tick</title>
<pre>${htmlSafe(json)}</pre>
<script>parent.postMessage(${scriptSafe(json)}, '*')</script>
`
