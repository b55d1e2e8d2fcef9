/**
 * Whether a cache on the way may answer a poll with old news. Not a cache: it asks only whether one may store and
 * reuse the answer without asking the server (RFC 9111 3, 4.2).
 * https://www.rfc-editor.org/rfc/rfc9111#section-4.2
 */
import type { RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { hasHeader, headerList, headerValue, hasToken } from './tokens.ts'

/** RFC 9110 15.1: statuses that may be reused without being told so; 206 and 304 only with what a cache already has. */
const CACHEABLE = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/** Null when no cache may do so, else a few words why one may. */
export function cacheProblem(request: RequestHead | null, response: ResponseHead): string | null {
  if (request !== null && request.method !== 'GET') return null
  if (!CACHEABLE.has(response.status)) return null
  // RFC 9111 5.2.1: a request that forbids reuse is never answered from a cache
  if (request !== null && (hasToken(request.headers, 'cache-control', 'no-store') || asksAnew(request))) return null

  const directives = new Map(headerList(response.headers, 'cache-control').map(readDirective))
  if (directives.has('no-store') || directives.has('no-cache')) return null
  if (headerValue(response.headers, 'vary') === '*') return null // RFC 9111 4.1
  for (const name of ['s-maxage', 'max-age']) {
    const value = directives.get(name)
    if (value === undefined) continue
    return Number(value) > 0 ? `${name}=${value.slice(0, 20)}` : null
  }
  const expires = headerValue(response.headers, 'expires')
  if (expires !== null)
    return isLater(expires, headerValue(response.headers, 'date')) ? `Expires: ${expires.slice(0, 40)}` : null
  if (hasToken(response.headers, 'pragma', 'no-cache')) return null
  // RFC 9111 4.2.2: without any of these a cache may guess
  return hasHeader(response.headers, 'cache-control') ? 'Cache-Control names no lifetime' : 'no Cache-Control'
}

const asksAnew = ({ headers }: RequestHead): boolean =>
  hasToken(headers, 'cache-control', 'no-cache') ||
  hasToken(headers, 'cache-control', 'max-age=0') ||
  hasToken(headers, 'pragma', 'no-cache')

const readDirective = (directive: string): [name: string, value: string] => {
  const [name = '', value = ''] = directive.split('=')
  return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')]
}

/** RFC 9111 5.3: an Expires that cannot be read is in the past; without a Date it is taken as later. */
function isLater(expires: string, date: string | null): boolean {
  if (!/^[A-Z][a-z]+,? /.test(expires)) return false // `0` and `-1`, which Date.parse takes for years
  const until = Date.parse(expires)
  if (Number.isNaN(until)) return false
  const from = date === null ? Number.NaN : Date.parse(date)
  return Number.isNaN(from) || until > from
}
