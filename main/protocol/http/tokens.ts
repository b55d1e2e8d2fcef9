/**
 * Look-ups in header fields: names in any case, comma lists over several lines, media types.
 * https://www.rfc-editor.org/rfc/rfc9110#section-5.6
 */
import type { Header } from '../../../preload/contract/index.ts'

type Headers = readonly Header[]

/** All values of a header, line by line in wire order. `name` is lower case. */
export const headerValues = (headers: Headers, name: string): string[] =>
  headers.filter(([written]) => written.toLowerCase() === name).map(([, value]) => value)

/** The first value of a header, or null when there is none. */
export const headerValue = (headers: Headers, name: string): string | null => headerValues(headers, name)[0] ?? null

export const hasHeader = (headers: Headers, name: string): boolean => headerValue(headers, name) !== null

/** Spaces and tabs only (RFC 9110 5.6.3): `trim` would also take U+00A0, which is a byte of the value here. */
export function trimOws(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isOws(text[start])) start += 1
  while (end > start && isOws(text[end - 1])) end -= 1
  return text.slice(start, end)
}
export const isOws = (char: string | undefined): boolean => char === ' ' || char === '\t'

/** Elements of one comma list; commas inside quoted strings do not separate (RFC 9110 5.6.1, 5.6.4). */
export function splitList(value: string, separator: ',' | ';' = ','): string[] {
  const elements: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at <= value.length; at += 1) {
    const char = value[at]
    if (char === '"') quoted = !quoted
    else if (char === '\\' && quoted) at += 1
    else if (char === undefined || (char === separator && !quoted)) {
      elements.push(trimOws(value.slice(start, at)))
      start = at + 1
    }
  }
  if (start <= value.length && quoted) elements.push(trimOws(value.slice(start)))
  return elements.filter((element) => element !== '')
}

/** Elements of a list header over all its lines, as written. */
export const headerList = (headers: Headers, name: string): string[] =>
  headerValues(headers, name).flatMap((value) => splitList(value))

/** The same in lower case and without parameters: `gzip` of `GZip;q=0.5`. */
export const headerTokens = (headers: Headers, name: string): string[] =>
  headerList(headers, name).map((element) => element.replace(/[; \t].*$/s, '').toLowerCase())

export const hasToken = (headers: Headers, name: string, token: string): boolean =>
  headerTokens(headers, name).includes(token)

export interface MediaType {
  /** `text/html`, lower case; empty when there is none. */
  type: string
  /** Names in lower case; values unquoted, case kept. */
  parameters: ReadonlyMap<string, string>
}

/**
 * The Content-Type as browsers extract it: of all that was sent, over several lines or in one, the last that is a
 * valid type. When none is, the first as it stands, to be shown. https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 */
export function mediaType(headers: Headers): MediaType {
  const written = headerList(headers, 'content-type').map((value) => splitList(value, ';'))
  const [type = '', ...rest] =
    written.findLast(([known = '']) => TYPE.test(known) && known !== '*/*') ?? written[0] ?? []
  const parameters = new Map<string, string>()
  for (const parameter of rest) {
    const equals = parameter.indexOf('=')
    if (equals <= 0) continue
    const name = trimOws(parameter.slice(0, equals)).toLowerCase()
    const value = trimOws(parameter.slice(equals + 1))
    const bare = value.startsWith('"') ? value.slice(1, value.endsWith('"') ? -1 : undefined) : value
    if (!parameters.has(name)) parameters.set(name, bare.replaceAll(/\\(.)/gs, '$1'))
  }
  return { type: type.toLowerCase(), parameters }
}
const TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/

/** The types that browsers run as scripts. https://mimesniff.spec.whatwg.org/#javascript-mime-type */
export const isJavaScript = (type: string): boolean =>
  /^(?:(?:application|text)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/.test(type)
