/**
 * The page at `/` of each reference server: works in any plain browser, shows live values with the technique's own
 * API, needs nothing from elsewhere. What it runs is scripts.ts.
 */
import { createHash } from 'node:crypto'
import { SERVERS, TECHNIQUES, type ServerId, type Technique } from '../../../preload/contract/index.ts'
import { COMMON, SCRIPTS } from './scripts.ts'
import { STYLE } from './style.ts'

const scriptOf = (technique: Technique): string => `${COMMON}${SCRIPTS[technique]}`
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Headers that belong to the page; send them with it. The same for all, so its policy names the scripts of all. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    // 'self' is for JSONP, which is a script of this server.
    `script-src 'self' ${TECHNIQUES.map((technique) => hashOf(scriptOf(technique))).join(' ')}`,
    `style-src ${hashOf(STYLE)}`,
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
    "frame-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** A sentence on how it works, and the page's own controls. */
const PARTS: Readonly<Record<Technique, { about: string; controls: string }>> = {
  polling: {
    about:
      'The page asks again and again; most answers bring nothing new. With JSONP the answer is a script, with an iframe it is a page that posts its value.',
    controls: `<fieldset><button id="toggle" class="main">Start / stop</button>
<label>every <input id="interval" type="number" min="10" max="60000" value="1000"> ms</label>
<button id="jsonp">Once with JSONP</button>
<label><input id="frame" type="checkbox"> reload an iframe too</label></fieldset>
<iframe id="page" title="One-shot page" hidden></iframe>`,
  },
  'long-polling': {
    about: 'The page asks for what comes after the last value it knows; the server answers when there is news, or 204.',
    controls: `<fieldset><button id="toggle" class="main">Start / stop</button>
<label>hold at most <input id="timeout" type="number" min="10" max="600000" value="25000"> ms</label>
<button id="jsonp">Once with JSONP</button></fieldset>`,
  },
  'iframe-stream': {
    about: 'A frame loads a page that never ends; each value is one more script in it.',
    controls: `<fieldset><button id="toggle" class="main">Start / stop</button>
<label>dialect <select id="dialect"><option value="parent">parent function</option>
<option value="postmessage">postMessage</option><option value="write">document.write</option></select></label></fieldset>`,
  },
  sse: {
    about: 'One answer of text events that never ends; the browser reconnects by itself and says what it had last.',
    controls: `<fieldset><button id="toggle" class="main">Open / close</button>
<label>event name <input id="event" placeholder="message"></label>
<span>last event ID <code id="id"></code></span></fieldset>`,
  },
  websocket: {
    about: 'One connection, both ways: the server pushes its clock and echoes what it gets.',
    controls: `<fieldset><button id="toggle" class="main">Open / close</button>
<label>subprotocols <input id="protocol" placeholder="clock.v1"></label></fieldset>
<form id="form"><fieldset><input id="text" class="wide" aria-label="Message" placeholder="Message">
<button>Send</button></fieldset></form>`,
  },
}

/** A whole, self-contained HTML document; send it with PAGE_HEADERS. */
export function renderPage(id: ServerId): string {
  const { technique, label, hint, path } = SERVERS[id]
  const { about, controls } = PARTS[technique]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${label} · Pushscope</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<h1>${label}${hint === '' ? '' : `<small>${hint}</small>`}</h1>
<p>${about} Endpoint: <code>${path}</code></p>
${controls}
<output><span id="state" class="closed">loading</span> · <b id="count">0</b> values · <b id="missed">0</b> missed</output>
<table><thead><tr><th>seq<th>server time<th>latency<th>via<th>value</thead><tbody id="rows"></tbody></table>
<script>${scriptOf(technique)}</script>
</html>
`
}
