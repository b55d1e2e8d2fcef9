/**
 * Small things that the HTTP reference servers share: who may ask, what stands in every answer, the query, JSONP,
 * JSON inside a script, and the way in for sockets. What a server answers at its endpoint is its own.
 */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SERVERS, type ServerId } from '../../preload/contract/index.ts'
import { HEAD_TIME, createHeadDeadline } from './head-deadline.ts'
import { hostRefusal, mayRead } from './local-only.ts'
import { PAGE_HEADERS, renderPage } from './pages/render-page.ts'

/** One request for the endpoint; the method is GET or HEAD, the Host is ours. */
export interface Ask {
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  isHead: boolean
}

/** Bytes a client may leave unread before ticks are left out for it. */
export const SLOW_CLIENT = 4 * 1024 * 1024

/** Requests one connection may have open: it can send them ahead (pipelining), and ours may never be answered. */
const MOST_OPEN = 32

/**
 * Listens on no port: `accept` takes the sockets. `answer` gets what is asked of the server's own path. A head has
 * `headTime` ms.
 */
export function createHttpFront(
  id: ServerId,
  answer: (ask: Ask) => void,
  headTime = HEAD_TIME,
): { accept(socket: Socket): void } {
  const deadline = createHeadDeadline(headTime)
  const [path] = SERVERS[id].path.split('?')
  const open = new WeakMap<Socket, number>()
  const http = createServer({ keepAliveTimeout: 5_000 }, (request, response) => {
    const { socket } = request
    deadline.came(socket)
    const count = (open.get(socket) ?? 0) + 1
    if (count > MOST_OPEN) return void socket.destroy()
    open.set(socket, count)
    whenOver(response, socket, () => {
      const left = (open.get(socket) ?? 1) - 1
      open.set(socket, left)
      if (left === 0) deadline.due(socket)
    })
    // DNS rebinding: a page elsewhere whose name points here asks with that name.
    const refusal = hostRefusal(request.headersDistinct['host'])
    if (refusal) return text(response, refusal, 'Only for this machine, and one Host at a time.\n')
    const url = targetOf(request)
    if (url === null) return text(response, 400, 'The target is not a path.\n')
    allowOrigin(request, response)
    if (request.method === 'OPTIONS') return preflight(response)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(response, 405, 'Only GET and HEAD.\n', { Allow: 'GET, HEAD, OPTIONS' })
    }
    const ask = { request, response, query: url.searchParams, isHead: request.method === 'HEAD' }
    if (url.pathname === path) answer(ask)
    else if (url.pathname === '/') send(ask, 200, PAGE_HEADERS, renderPage(id))
    else if (url.pathname === '/favicon.ico') response.writeHead(204).end()
    else text(response, 404, `The endpoint is ${path}, its page is at /.\n`)
  })
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    else socket.destroy()
  })
  return {
    accept(socket) {
      socket.setMaxListeners(MOST_OPEN * 4)
      deadline.due(socket)
      http.emit('connection', socket)
    },
  }
}

/**
 * Calls back once, when the answer is written or can no longer be. An answer that waits behind another one on its
 * connection hears nothing when that breaks, so the socket is listened to as well.
 */
export function whenOver(response: ServerResponse, socket: Socket, callback: () => void): void {
  const over = (): void => {
    response.off('close', over)
    socket.off('close', over)
    callback()
  }
  response.once('close', over)
  socket.once('close', over)
}

function targetOf(request: IncomingMessage): URL | null {
  const target = request.url ?? '/'
  return target.startsWith('/') ? URL.parse(`http://localhost${target}`) : URL.parse(target)
}

function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !mayRead(origin)) return
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Expose-Headers', 'ETag')
}

function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    Allow: 'GET, HEAD, OPTIONS',
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': 'If-None-Match, Last-Event-ID, Cache-Control',
    'Access-Control-Max-Age': '600',
  })
  response.end()
}

/** A whole answer with its length; no body for HEAD. */
export function send(ask: Ask, status: number, headers: OutgoingHttpHeaders, body: string): void {
  ask.response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  ask.response.end(ask.isHead ? undefined : body)
}

export function text(response: ServerResponse, status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** A whole number from the query, or the control's value when it is absent or out of bounds. */
export function numberOf(query: URLSearchParams, name: string, min: number, max: number, otherwise: unknown): number {
  const given = query.get(name)
  const number = Number(given)
  if (given !== null && /^\d+$/.test(given) && number >= min && number <= max) return number
  return Number(otherwise)
}

/** The callback asked for; null when none is; undefined when it is no path of identifiers, which could be anything. */
export function callbackOf(query: URLSearchParams): string | null | undefined {
  const name = query.get('callback')
  if (name === null) return null
  return name.length <= 200 && /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/.test(name) ? name : undefined
}

/** JSON, or JSONP when a callback is asked for. The empty comment keeps the answer from being read as another type. */
export function sendJson(ask: Ask, json: string, headers: OutgoingHttpHeaders): void {
  const callback = callbackOf(ask.query)
  if (callback === undefined) return text(ask.response, 400, 'The callback is no path of identifiers.\n')
  const type = callback === null ? 'application/json' : 'text/javascript; charset=utf-8'
  const body = callback === null ? json : `/**/${callback}(${scriptSafe(json)});`
  send(ask, 200, { 'Content-Type': type, ...headers, 'X-Content-Type-Options': 'nosniff' }, body)
}

/** JSON that can stand inside `<script>`: no tag, no comment, no line end of old JavaScript can come of it. */
export const scriptSafe = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

/** Text for HTML. */
export const htmlSafe = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** For answers that are pages of inline scripts and nothing else. */
export const SCRIPT_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'",
  'X-Content-Type-Options': 'nosniff',
}
