/** Header lists of a request and header lookups in an answer. No meaning of any header lives here. */
import type { IncomingHttpHeaders } from 'node:http'
import { mediaType as readMediaType } from '../protocol/http/tokens.ts'

export type HeaderList = readonly (readonly [name: string, value: string])[]

export const USER_AGENT: readonly [string, string] = ['User-Agent', 'Pushscope'] // some public endpoints refuse without

export const hasHeader = (headers: HeaderList, name: string): boolean =>
  headers.some(([known]) => known.toLowerCase() === name.toLowerCase())

/** `defaults` that `own` does not give, then `own`. */
export const mergeHeaders = (own: HeaderList, defaults: HeaderList): HeaderList => [
  ...defaults.filter(([name]) => !hasHeader(own, name)),
  ...own,
]

/** What a request carries that the user did not write: Accept, User-Agent and, with a body, its type. */
export function requestHeaders(own: HeaderList, accept: string, body: string | null): HeaderList {
  const type: HeaderList =
    body === null ? [] : [['Content-Type', isJson(body) ? 'application/json' : 'text/plain;charset=UTF-8']]
  return mergeHeaders(own, [['Accept', accept], USER_AGENT, ...type])
}

/** One header of an answer as text; repeated ones joined, `''` when absent. `name` in lower case. */
export const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}

/** `text/html` of `Text/HTML; charset=utf-8`; `''` when absent. Of several, the one that browsers take. */
export const mediaType = (headers: IncomingHttpHeaders): string =>
  readMediaType([['content-type', headerOf(headers, 'content-type')]]).type

/** `user:password@` of a URL as the header that browsers make of it; null when the URL has none. */
export function basicAuthorization({ username, password }: URL): readonly [string, string] | null {
  if (username === '' && password === '') return null
  return ['Authorization', `Basic ${Buffer.from(`${unescape(username)}:${unescape(password)}`).toString('base64')}`]
}

const unescape = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % is meant as it stands
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
