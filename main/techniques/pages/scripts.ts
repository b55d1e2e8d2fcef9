/**
 * What the pages run, as text: each uses the API of its technique and nothing else. Everything received is shown with
 * textContent. `COMMON` comes first on every page: it keeps the list and the line of numbers.
 */
import type { Technique } from '../../../preload/contract/index.ts'

export const COMMON = `
'use strict'
const $ = (id) => document.getElementById(id)
let count = 0, missed = 0, last = 0
function state(text, open) {
  $('state').textContent = text
  $('state').className = open ? 'open' : 'closed'
}
function show(via, data) {
  let tick = null
  try { tick = typeof data === 'string' ? JSON.parse(data) : data } catch { /* no tick, but worth showing */ }
  const isTick = tick !== null && typeof tick === 'object' && Number.isInteger(tick.seq)
  if (isTick) {
    if (last > 0 && tick.seq > last + 1) missed += tick.seq - last - 1
    if (tick.seq !== last) count++
    last = tick.seq
  }
  const cells = [
    isTick ? String(tick.seq) : '',
    isTick ? new Date(tick.at).toLocaleTimeString() : '',
    isTick ? (Date.now() - tick.at) + ' ms' : '',
    via,
    typeof data === 'string' ? data : JSON.stringify(data),
  ]
  const row = document.createElement('tr')
  for (const text of cells) row.append(Object.assign(document.createElement('td'), { textContent: text.slice(0, 2000) }))
  $('rows').prepend(row)
  while ($('rows').children.length > 100) $('rows').lastChild.remove()
  $('count').textContent = count
  $('missed').textContent = missed
}
let scripts = 0
function jsonp(query, done) {
  const name = 'jsonp' + ++scripts
  const script = document.createElement('script')
  const over = () => { delete window[name]; script.remove(); if (done) done() }
  window[name] = (value) => show('JSONP', value)
  script.src = '/clock?callback=' + name + query
  script.onload = over
  script.onerror = () => { show('JSONP', 'failed'); over() }
  document.head.append(script)
}
`

const POLLING = `
let timer = 0
async function poll() {
  try {
    const answer = await fetch('/clock')
    show('fetch ' + answer.status, await answer.text())
    state('polling', true)
  } catch (error) { state(String(error), false) }
  if ($('frame').checked) $('page').src = '/clock?as=html&' + Date.now()
}
function start() {
  stop()
  timer = setInterval(poll, Math.max(10, $('interval').value))
  void poll()
}
function stop() {
  clearInterval(timer)
  timer = 0
  state('stopped', false)
}
$('toggle').onclick = () => (timer ? stop() : start())
$('interval').onchange = () => timer && start()
$('jsonp').onclick = () => jsonp('')
addEventListener('message', (event) => { if (event.source === $('page').contentWindow) show('iframe', event.data) })
start()
`

const LONG_POLLING = `
let since = 0, stopper = null
async function loop(signal) {
  while (!signal.aborted) {
    try {
      state('waiting for news after ' + since, true)
      const answer = await fetch('/clock?since=' + since + '&timeout=' + $('timeout').value, { signal })
      const body = await answer.text()
      if (answer.status === 200) since = JSON.parse(body).seq
      show('fetch ' + answer.status, answer.status === 204 ? 'no news in time' : body)
    } catch (error) {
      if (signal.aborted) return
      state(String(error), false)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}
function toggle() {
  if (stopper) {
    stopper.abort()
    stopper = null
    state('stopped', false)
  } else {
    stopper = new AbortController()
    void loop(stopper.signal)
  }
}
$('toggle').onclick = toggle
$('jsonp').onclick = () => jsonp('&since=' + last)
toggle()
`

const IFRAME_STREAM = `
let frame = null
window.tick = (value) => show('parent.tick()', value)
addEventListener('message', (event) => { if (frame && event.source === frame.contentWindow) show('postMessage', event.data) })
function stop() {
  if (frame) frame.remove()
  frame = null
  state('stopped', false)
}
function start() {
  stop()
  const dialect = $('dialect').value
  frame = document.createElement('iframe')
  frame.title = 'The stream'
  frame.hidden = dialect !== 'write'
  frame.onload = () => state('the page ended', false)
  frame.src = '/clock?dialect=' + dialect
  document.body.append(frame)
  state(dialect === 'write' ? 'streaming into the frame below' : 'streaming into a hidden frame', true)
}
$('toggle').onclick = () => (frame ? stop() : start())
$('dialect').onchange = start
// A frame that never ends, begun earlier, would keep this page from ever being loaded.
addEventListener('load', () => setTimeout(start))
`

const SSE = `
let source = null, lastId = ''
function stop() {
  if (source) source.close()
  source = null
  state('closed', false)
}
function start() {
  stop()
  const name = $('event').value
  const query = new URLSearchParams({ event: name }) // an empty one asks for plain messages, whatever the control says
  if (lastId !== '') query.set('lastEventId', lastId)
  source = new EventSource('/clock?' + query)
  state('connecting', false)
  source.onopen = () => state('open', true)
  source.onerror = () => state(source.readyState === 2 ? 'closed' : 'reconnecting', false)
  const hear = (event) => {
    lastId = event.lastEventId
    $('id').textContent = lastId
    show(event.type, event.data)
  }
  source.onmessage = hear
  if (name !== '' && name !== 'message') source.addEventListener(name, hear)
}
$('toggle').onclick = () => (source ? stop() : start())
$('event').onchange = start
start()
`

const WEBSOCKET = `
let socket = null
function start() {
  const offered = $('protocol').value.split(/[\\s,]+/).filter(Boolean)
  try { socket = new WebSocket('ws://' + location.host + '/', offered) } catch (error) { return state(String(error), false) }
  socket.binaryType = 'arraybuffer'
  state('connecting', false)
  socket.onopen = ({ target }) => state('open' + (target.protocol && ', ' + target.protocol) + (target.extensions && ', ' + target.extensions), true)
  socket.onmessage = ({ data }) => show(typeof data === 'string' ? 'text' : 'binary', typeof data === 'string' ? data : data.byteLength + ' bytes')
  socket.onclose = ({ target, code, reason, wasClean }) => {
    if (target !== socket) return
    socket = null
    state('closed ' + code + (reason && ' ' + reason) + (wasClean ? '' : ', not clean'), false)
  }
}
$('toggle').onclick = () => (socket ? socket.close(1000, 'bye') : start())
$('form').onsubmit = (event) => {
  event.preventDefault()
  if (!socket || socket.readyState !== 1) return
  socket.send($('text').value)
  show('sent', $('text').value)
  $('text').select()
}
start()
`

export const SCRIPTS: Readonly<Record<Technique, string>> = {
  polling: POLLING,
  'long-polling': LONG_POLLING,
  'iframe-stream': IFRAME_STREAM,
  sse: SSE,
  websocket: WEBSOCKET,
}
