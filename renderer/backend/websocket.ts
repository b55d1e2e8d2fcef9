/**
 * The browser host's transport: a WebSocket to the server that the page came from.
 * The token arrives in the page's fragment (never sent to a server by itself) and is offered as a subprotocol, since a
 * browser cannot set headers on a WebSocket. It is kept for this tab, so that a reload works.
 */
import type { OpenTransport } from './transport.ts'

const KEY = 'pushscope.token'
/** RFC 6455 7.4.1: the bridge refuses a wrong token with 1008. */
const POLICY_VIOLATION = 1008

/** A wrong token shows as a connection that never opens: the browser keeps the 401 to itself. */
let everOpened = false
const unanswered = (): string =>
  everOpened
    ? 'The engine does not answer; nothing that was captured is lost. If it was started anew, open the URL that it printed last.'
    : 'The engine does not answer, or this page’s address has an old token: open the URL that was printed last.'

export const openWebSocket: OpenTransport = (events) => {
  const token = readToken()
  let over = false
  let opened = false
  const end = (why: string, final: boolean): void => {
    if (over) return
    over = true
    events.close(why, final)
  }
  if (token === '') {
    queueMicrotask(() => end('The address has no token. Open the one that Pushscope printed, with its #token.', true))
    return { send() {}, close() {} }
  }
  const socket = new WebSocket(`ws://${location.host}/bridge`, ['pushscope', token])
  socket.onopen = () => {
    opened = everOpened = true
    events.open()
  }
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') events.message(data)
  }
  socket.onclose = ({ code }) => {
    if (code === POLICY_VIOLATION) end('The engine refused this page. Open the newest address that it printed.', true)
    else end(opened ? 'The connection to the engine broke; nothing that was captured is lost.' : unanswered(), false)
  }
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => {
      over = true
      socket.close()
    },
  }
}

function readToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token) {
    sessionStorage.setItem(KEY, token)
    return token
  }
  return sessionStorage.getItem(KEY) ?? ''
}
