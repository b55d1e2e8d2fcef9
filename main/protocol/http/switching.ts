/**
 * When a connection stops being this HTTP conversation: an upgrade (RFC 9110 7.8) or a tunnel (RFC 9110 9.3.6).
 * https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
import type { RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { auditHandshake } from '../websocket/handshake.ts'
import type { WebSocketAgreement } from '../websocket/extensions.ts'
import type { HeadFinding } from './head.ts'
import { hasHeader, headerList } from './tokens.ts'

/** What both directions become. */
export type Switch =
  | { to: 'frames'; agreement: WebSocketAgreement }
  /** A new conversation, which may be HTTP again. */
  | { to: 'tunnel' }
  /** Nothing that is dissected here. */
  | { to: 'bytes'; text: string }

/** What follows such a request is HTTP or something else, as its answer decides. */
export const maySwitch = ({ method, headers }: RequestHead): boolean =>
  method === 'CONNECT' || hasHeader(headers, 'upgrade')

/** RFC 9110 7.8: what is wrong with a 101 that is no WebSocket's; those are audited in handshake.ts. */
export function switchFindings(request: RequestHead | null, { headers }: ResponseHead): HeadFinding[] {
  const offered = request === null ? [] : headerList(request.headers, 'upgrade').map((name) => name.toLowerCase())
  const chosen = headerList(headers, 'upgrade')
  if (chosen.length > 0 && chosen.every((name) => offered.includes(name.toLowerCase()))) return []
  return [{ id: 'http-upgrade-unasked', note: chosen.join(', ').slice(0, 60) || 'no Upgrade header' }]
}

/** Null: HTTP goes on. */
export function switchFor(request: RequestHead | null, response: ResponseHead): Switch | null {
  const { status, headers } = response
  if (request?.method === 'CONNECT' && status >= 200 && status < 300) return { to: 'tunnel' }
  if (status !== 101) return null
  const { upgraded, agreement } = auditHandshake(request, response)
  if (upgraded) return { to: 'frames', agreement }
  const name = headerList(headers, 'upgrade').join(', ').slice(0, 60)
  return {
    to: 'bytes',
    text: `The connection switched to ${name || 'an unnamed protocol'}: from here on these are bytes.`,
  }
}
