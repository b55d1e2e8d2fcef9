/**
 * The opening handshake (RFC 6455 4): the accept value step by step, and what is wrong with a request or an answer.
 * Works on parsed heads; it neither reads nor writes a socket. Extensions are extensions.ts.
 */
import { createHash } from 'node:crypto'
import type { AcceptSteps, FindingId, RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { hasToken, headerList, headerValues } from '../http/tokens.ts'
import { PLAIN, offerProblem, readDeflateAnswer, type WebSocketAgreement } from './extensions.ts'

export { headerValues } from '../http/tokens.ts'

export interface HandshakeFinding {
  id: FindingId
  /** The particulars: `got 8`. */
  note?: string
}

/** RFC 6455 1.3 */
export const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The value that answers a key. RFC 6455 4.2.2 */
export const acceptFor = (key: string): string =>
  createHash('sha1')
    .update(key + MAGIC, 'latin1')
    .digest('base64')

/** How the accept value comes about, for showing. `received` is empty when there was none. */
export function acceptSteps(key: string, received: string): AcceptSteps {
  const joined = key + MAGIC
  const digest = createHash('sha1').update(joined, 'latin1').digest()
  const expected = digest.toString('base64')
  return { key, magic: MAGIC, joined, sha1: digest.toString('hex'), expected, received, matches: expected === received }
}

/** Sixteen bytes in Base64: 22 characters and two equals signs, the last character with four zero bits. RFC 6455 4.1 */
export const isKey = (key: string): boolean => /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key)

/** Whether a request wants a WebSocket, rightly written or not. */
export const asksForWebSocket = (request: RequestHead): boolean =>
  hasToken(request.headers, 'upgrade', 'websocket') || headerValues(request.headers, 'sec-websocket-key').length > 0

/** The token of RFC 9110, which subprotocols are made of (RFC 6455 4.1). */
export const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)

/** What is wrong with an opening request. RFC 6455 4.1, 4.2.1 */
export function auditRequest(request: RequestHead): HandshakeFinding[] {
  const findings: HandshakeFinding[] = []
  const find = (id: FindingId, note?: string): void => {
    findings.push(note === undefined ? { id } : { id, note })
  }
  const { headers } = request
  if (request.method !== 'GET') find('ws-method', `got ${request.method}`)
  if (!isVersion11(request.version)) find('ws-http-version', `got ${request.version}`)
  if (headerValues(headers, 'host').length === 0) find('ws-host-missing')
  if (!hasToken(headers, 'upgrade', 'websocket')) find('ws-upgrade-missing')
  if (!hasToken(headers, 'connection', 'upgrade')) find('ws-connection-missing')
  const keys = headerValues(headers, 'sec-websocket-key')
  if (keys.length > 1) find('ws-key-repeated')
  if (keys[0] === undefined) find('ws-key-missing')
  else if (!isKey(keys[0])) find('ws-key-form', `got ${keys[0].slice(0, 80)}`)
  const versions = headerValues(headers, 'sec-websocket-version')
  if (versions.length !== 1 || versions[0] !== '13') find('ws-version', `got ${versions.join(', ') || 'none'}`)
  const problem = offerProblem(headerValues(headers, 'sec-websocket-extensions'))
  if (problem !== '') find('ws-extension-invalid', problem)
  return findings
}

/** What is wrong with the answer to an opening request (null: none was seen). RFC 6455 4.1 */
export function auditResponse(request: RequestHead | null, response: ResponseHead): HandshakeFinding[] {
  const findings: HandshakeFinding[] = []
  const find = (id: FindingId, note?: string): void => {
    findings.push(note === undefined ? { id } : { id, note })
  }
  const { headers } = response
  if (response.status !== 101) {
    find('ws-refused', `HTTP ${response.status} ${response.reason}`.trim())
    return findings
  }
  if (!hasToken(headers, 'upgrade', 'websocket')) find('ws-upgrade-missing')
  if (!hasToken(headers, 'connection', 'upgrade')) find('ws-connection-missing')

  const accepts = headerValues(headers, 'sec-websocket-accept')
  const key = request && headerValues(request.headers, 'sec-websocket-key')[0]
  if (accepts[0] === undefined) find('ws-accept-missing')
  else if (accepts.length > 1) find('ws-accept-wrong', 'given more than once')
  else if (key !== undefined && key !== null && accepts[0] !== acceptFor(key)) {
    find('ws-accept-wrong', `expected ${acceptFor(key)}, got ${accepts[0].slice(0, 80)}`)
  }

  const chosen = headerList(headers, 'sec-websocket-protocol')
  const offered = request ? headerList(request.headers, 'sec-websocket-protocol') : null
  if (chosen.length > 1) find('ws-subprotocol-unasked', 'more than one')
  else if (chosen[0] !== undefined && offered && !offered.includes(chosen[0])) {
    find('ws-subprotocol-unasked', chosen[0].slice(0, 80))
  } else if (chosen.length === 0 && offered && offered.length > 0) find('ws-subprotocol-none')

  const reading = readExtensions(request, response)
  if (reading.unasked !== '') find('ws-extension-unasked', reading.unasked.slice(0, 80))
  if (reading.problem !== '') find('ws-extension-invalid', reading.problem)
  return findings
}

export interface HandshakeAudit {
  /** Frames follow in both directions. */
  upgraded: boolean
  /** Those of the request, then those of the answer. */
  findings: HandshakeFinding[]
  agreement: WebSocketAgreement
}

/** The handshake as a whole. `auditRequest` and `auditResponse` give the findings row by row. */
export function auditHandshake(request: RequestHead | null, response: ResponseHead | null): HandshakeAudit {
  const findings = [...(request ? auditRequest(request) : []), ...(response ? auditResponse(request, response) : [])]
  if (!response || !switches(request, response)) return { upgraded: false, findings, agreement: PLAIN }
  return { upgraded: true, findings, agreement: { deflate: readExtensions(request, response).parameters } }
}

/** A 101 whose Upgrade is absent still begins frames when the request asked for them; another protocol does not. */
function switches(request: RequestHead | null, response: ResponseHead): boolean {
  if (response.status !== 101) return false
  if (hasToken(response.headers, 'upgrade', 'websocket')) return true
  return headerValues(response.headers, 'upgrade').length === 0 && request !== null && asksForWebSocket(request)
}

const readExtensions = (request: RequestHead | null, response: ResponseHead) =>
  readDeflateAnswer(
    headerValues(response.headers, 'sec-websocket-extensions'),
    request && headerValues(request.headers, 'sec-websocket-extensions'),
  )

const isVersion11 = (version: string): boolean => {
  const match = /^(?:HTTP\/)?(\d)\.(\d)$/.exec(version)
  return match !== null && Number(match[1]) * 10 + Number(match[2]) >= 11
}
