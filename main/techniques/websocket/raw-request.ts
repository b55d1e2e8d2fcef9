/** The opening request of the raw probe (RFC 6455 4.1), as text and as a head. Sends nothing. */
import { randomBytes } from 'node:crypto'
import type { ConnectRequest, RequestHead } from '../../../preload/contract/index.ts'
import { DEFLATE_OFFER } from '../../protocol/websocket/extensions.ts'
import { isToken } from '../../protocol/websocket/handshake.ts'
import { USER_AGENT, basicAuthorization, mergeHeaders, type HeaderList } from '../headers.ts'

export interface OpeningRequest {
  head: RequestHead
  text: string
  /** Why it must not be sent; empty when it may. */
  problem: string
}

/** The user's own headers replace those of the same name, so that a wrong handshake can be tried too. */
export function openingRequest(
  url: URL,
  { headers, subprotocols, compression }: Pick<ConnectRequest, 'headers' | 'subprotocols' | 'compression'>,
): OpeningRequest {
  const authorization = basicAuthorization(url)
  const all = mergeHeaders(headers, [
    ['Host', url.host],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
    ['Sec-WebSocket-Version', '13'],
    ...(subprotocols.length > 0 ? [['Sec-WebSocket-Protocol', subprotocols.join(', ')] as const] : []),
    ...(compression ? [['Sec-WebSocket-Extensions', DEFLATE_OFFER] as const] : []),
    ...(authorization ? [authorization] : []),
    USER_AGENT,
  ])
  const target = `${url.pathname}${url.search}`
  const lines = [`GET ${target} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`)]
  return {
    head: { method: 'GET', target, version: 'HTTP/1.1', headers: all.map(([name, value]) => [name, value] as const) },
    text: `${lines.join('\r\n')}\r\n\r\n`,
    problem: problemOf(all, subprotocols),
  }
}

function problemOf(headers: HeaderList, subprotocols: readonly string[]): string {
  for (const [name, value] of headers) {
    if (!isToken(name)) return `${JSON.stringify(name)} is no header name.`
    // RFC 9110 5.5: what would end the line, or be read differently by different servers
    if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
      return `the value of ${name} has a character that no header can carry.`
    }
  }
  const odd = subprotocols.find((name, index) => !isToken(name) || subprotocols.indexOf(name) !== index)
  return odd === undefined ? '' : `the subprotocol ${JSON.stringify(odd)} is given twice or is no token.`
}
