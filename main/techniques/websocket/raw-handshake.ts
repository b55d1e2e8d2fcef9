/**
 * What the raw server answers to a request's head (RFC 6455 4.2, RFC 9112): the switch to frames, the page, or a
 * refusal that says what was wrong. Heads in, text out; the socket is raw-connection.ts.
 */
import { FINDINGS, type FindingId, type RequestHead } from '../../../preload/contract/index.ts'
import type { HeadFinding } from '../../protocol/http/head.ts'
import { headerList, headerValue, headerValues } from '../../protocol/http/tokens.ts'
import { acceptDeflate, parseExtensions, type WebSocketAgreement } from '../../protocol/websocket/extensions.ts'
import { acceptFor, asksForWebSocket, auditRequest, isToken } from '../../protocol/websocket/handshake.ts'
import { PAGE_HEADERS, renderPage } from '../pages/render-page.ts'
import { isLocalHost, mayRead } from '../local-only.ts'
import { isRoot } from './overrides.ts'

export interface Answer {
  /** Head and body, ready to be written. */
  text: string
  /** null: the connection ends behind the text. */
  agreement: WebSocketAgreement | null
}

export interface Choices {
  /** Agree to permessage-deflate when it is offered. */
  compression: boolean
  /** Subprotocols that the server speaks. */
  subprotocols: readonly string[]
}

/** Faults of a head that another reader might read differently, so nobody should act on it. RFC 9112 2.2, 5.1, 11.2 */
const BAD_HEAD: readonly FindingId[] = [
  'http-request-line',
  'http-header-line',
  'http-header-space',
  'http-obs-fold',
  'http-bare-cr',
  'http-too-many-headers',
]

export function answerRequest(request: RequestHead, found: readonly HeadFinding[], choices: Choices): Answer {
  const bad = found.find(({ id }) => BAD_HEAD.includes(id))
  if (bad) return refuse(400, 'Bad Request', FINDINGS[bad.id].message)
  const hosts = headerValues(request.headers, 'host')
  // RFC 9112 3.2
  if (hosts.length !== 1) return refuse(400, 'Bad Request', FINDINGS['http-host-missing'].message)
  if (!isLocalHost(hosts[0])) return refuse(403, 'Forbidden', 'Only for this machine.')
  if (!headerValues(request.headers, 'origin').every(mayRead))
    return refuse(403, 'Forbidden', 'Only for pages of this machine.')
  return asksForWebSocket(request) ? answerHandshake(request, choices) : answerPage(request)
}

const notHere = (): Answer => refuse(404, 'Not Found', 'The WebSocket and its page are at /.')

/** RFC 6455 4.2.1, 4.2.2 */
function answerHandshake(request: RequestHead, { compression, subprotocols }: Choices): Answer {
  const { headers } = request
  const wrong = auditRequest(request).filter(({ id }) => id !== 'ws-extension-invalid')
  if (wrong.some(({ id }) => id === 'ws-method')) {
    return refuse(405, 'Method Not Allowed', FINDINGS['ws-method'].message, ['Allow: GET'])
  }
  const other = wrong.find(({ id }) => id !== 'ws-version')
  if (other) return refuse(400, 'Bad Request', `${FINDINGS[other.id].message}${other.note ? ` (${other.note})` : ''}`)
  if (wrong.length > 0) {
    return refuse(426, 'Upgrade Required', FINDINGS['ws-version'].message, [
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13', // RFC 6455 4.4
    ])
  }
  const length = headerValue(headers, 'content-length')
  if ((length !== null && length !== '0') || headerValue(headers, 'transfer-encoding') !== null) {
    return refuse(400, 'Bad Request', 'The opening handshake has no body.')
  }
  if (!isRoot(request.target)) return notHere()
  const offered = headerList(headers, 'sec-websocket-protocol')
  // RFC 6455 4.1
  if (!offered.every(isToken) || new Set(offered).size !== offered.length) {
    return refuse(400, 'Bad Request', 'Sec-WebSocket-Protocol is not a list of different tokens.')
  }
  const offers = headerValues(headers, 'sec-websocket-extensions')
  // RFC 6455 9.1
  if (!parseExtensions(offers)) return refuse(400, 'Bad Request', 'Sec-WebSocket-Extensions is malformed.')

  const chosen = offered.find((name) => subprotocols.includes(name))
  const deflate = compression ? acceptDeflate(offers) : null
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(headerValue(headers, 'sec-websocket-key') ?? '')}`,
    ...(chosen === undefined ? [] : [`Sec-WebSocket-Protocol: ${chosen}`]),
    ...(deflate ? [`Sec-WebSocket-Extensions: ${deflate.header}`] : []),
  ]
  return { text: `${lines.join('\r\n')}\r\n\r\n`, agreement: { deflate: deflate?.parameters ?? null } }
}

function answerPage({ method, target }: RequestHead): Answer {
  if (method !== 'GET' && method !== 'HEAD') {
    return refuse(405, 'Method Not Allowed', 'Only GET and HEAD are answered here.', ['Allow: GET, HEAD'])
  }
  if (!isRoot(target)) return notHere()
  const page = renderPage('websocket-raw')
  const headers = Object.entries(PAGE_HEADERS).map(([name, value]) => `${name}: ${value}`)
  const head = answerHead('200 OK', [...headers, `Content-Length: ${Buffer.byteLength(page)}`])
  return { text: method === 'HEAD' ? head : head + page, agreement: null }
}

export function refuse(status: number, reason: string, why: string, headers: readonly string[] = []): Answer {
  const body = `${why}\n`
  const head = answerHead(`${status} ${reason}`, [
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ])
  return { text: head + body, agreement: null }
}

const answerHead = (status: string, headers: readonly string[]): string =>
  [`HTTP/1.1 ${status}`, `Date: ${new Date().toUTCString()}`, ...headers, 'Connection: close', '', ''].join('\r\n')
