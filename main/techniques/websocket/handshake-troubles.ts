/** Why an answer opens no WebSocket, in the same words whichever probe asked. Heads in, troubles out; no sockets. */
import type { FindingId, RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { headerValue } from '../../protocol/http/tokens.ts'
import { auditResponse } from '../../protocol/websocket/handshake.ts'
import { refusal, ruleTrouble, type Trouble } from '../failure.ts'

/** What a client must fail the connection at. RFC 6455 4.1 */
const FATAL: ReadonlySet<FindingId> = new Set<FindingId>([
  'ws-upgrade-missing',
  'ws-connection-missing',
  'ws-accept-missing',
  'ws-accept-wrong',
  'ws-subprotocol-unasked',
  'ws-extension-unasked',
  'ws-extension-invalid', // RFC 7692 5.1
])

/** A 101 that a client must not take; null when it may. Without the request only what the answer alone shows. */
export function switchTrouble(request: RequestHead | null, response: ResponseHead, url: URL): Trouble | null {
  const fault = auditResponse(request, response).find(({ id }) => FATAL.has(id))
  return fault ? ruleTrouble(fault.id, url) : null
}

/** An answer that is no 101. */
export const refusedTrouble = ({ status, reason, headers }: ResponseHead, url: URL): Trouble =>
  refusal(status, reason, '101 Switching Protocols', {
    finding: 'ws-refused',
    ...hintOf(status, headerValue(headers, 'location'), url),
  })

function hintOf(status: number, location: string | null, url: URL): { hint?: string } {
  if (status < 300 || status >= 400 || status === 304) return {}
  if (location === null) return { hint: 'It is elsewhere, and the answer has no Location header that says where.' }
  const target = URL.canParse(location, url.href) ? new URL(location, url).href : location
  return { hint: `WebSocket clients do not follow redirects: connect to ${target} instead.` }
}
