/** Where a redirect leads and what is asked there (RFC 9110 15.4). Sends nothing. */
import type { IncomingHttpHeaders } from 'node:http'
import { headerOf } from './headers.ts'
import type { AnswerHead, Ask } from './transport.ts'

const STATUSES = [301, 302, 303, 307, 308]
/** For the host that they were given for, and no other. */
const SECRETS = ['authorization', 'cookie', 'host', 'proxy-authorization']

export const isRedirect = (status: number, headers: IncomingHttpHeaders): boolean =>
  STATUSES.includes(status) && headerOf(headers, 'location') !== ''

/** The request that a redirect asks for; null when the answer is none that can be followed. */
export function redirectedAsk(ask: Ask, { status, headers }: AnswerHead): Ask | null {
  const location = headerOf(headers, 'location')
  if (!isRedirect(status, headers) || !URL.canParse(location, ask.url.href)) return null
  const url = new URL(location, ask.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const foreign = url.origin !== ask.url.origin
  // RFC 9110 15.4.4: 303 is fetched with GET. 301 and 302 turn POST into GET, as every browser does (15.4.2, 15.4.3).
  const toGet = status === 303 ? ask.method !== 'HEAD' : status <= 302 && ask.method === 'POST'
  return {
    ...ask,
    url,
    method: toGet ? 'GET' : ask.method,
    body: toGet ? null : ask.body,
    headers: ask.headers.filter(([name]) => {
      const lower = name.toLowerCase()
      return !(toGet && lower.startsWith('content-')) && !(foreign && SECRETS.includes(lower))
    }),
  }
}
