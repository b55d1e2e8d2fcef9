/**
 * Request and status lines (RFC 9112 3 and 4), one whole line at a time, read as strictly as the grammar
 * and then as leniently as clients and servers do, so that a malformed line is still shown.
 * https://www.rfc-editor.org/rfc/rfc9112#section-3
 */
import type { RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import type { HeadFinding } from './head.ts'

type Find = (finding: HeadFinding) => void

/** RFC 9110 5.6.2, by byte. */
const TCHAR = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  TCHAR[char.charCodeAt(0)] = 1
}
export const isTokenByte = (byte: number): boolean => TCHAR[byte] === 1

export const isToken = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 255 || !isTokenByte(code)) return false
  }
  return text !== ''
}

/** Methods that make a line without a version a bad request line rather than another protocol. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])
const VERSION = /^HTTP\/\d\.\d$/
const TARGET = /^[\x21-\x7e]+$/
const SPACE = /[ \t]/

/** HTTP/2 and HTTP/0.9 share port and first letters, nothing else. */
const isVersion1 = (version: string): boolean => version.startsWith('HTTP/1.')

/** Fills `head`; false when the line is no HTTP/1.x request line at all. */
export function readRequestLine(line: string, head: RequestHead, find: Find): boolean {
  const methodEnd = line.search(SPACE)
  if (methodEnd <= 0) return false
  head.method = line.slice(0, methodEnd)
  const rest = line.slice(methodEnd).trim()
  const gap = Math.max(rest.lastIndexOf(' '), rest.lastIndexOf('\t'))
  const last = rest.slice(gap + 1)
  const hasVersion = last.startsWith('HTTP/')
  if (!hasVersion && !KNOWN_METHODS.has(head.method)) return false
  head.version = hasVersion ? last : ''
  head.target = hasVersion ? rest.slice(0, Math.max(gap, 0)).trimEnd() : rest
  if (VERSION.test(head.version) && !isVersion1(head.version)) {
    find({ id: 'http-not-http', note: `the version is ${head.version}` })
    return false
  }
  // RFC 9112 3: single spaces, a target without white space, a version of two digits
  const strict = `${head.method} ${head.target} ${head.version}` === line
  if (!VERSION.test(head.version)) find({ id: 'http-request-line', note: 'no HTTP version' })
  else if (!TARGET.test(head.target))
    find({ id: 'http-request-line', note: 'the target is empty or has bytes outside visible ASCII' })
  else if (!strict) find({ id: 'http-request-line', note: 'white space other than single spaces' })
  return true
}

const STATUS_LINE = /^(HTTP\/\d\.\d) (\d{3}) ([\t\x20-\x7e\x80-\xff]*)$/
const LENIENT_STATUS_LINE = /^(HTTP\/[^ \t]{0,16})[ \t]+(\d{3})(?!\d)[ \t]*(.*)$/

/** Fills `head`; false when the line is no HTTP/1.x status line at all. */
export function readStatusLine(line: string, head: ResponseHead, find: Find): boolean {
  const strict = STATUS_LINE.exec(line)
  const match = strict ?? LENIENT_STATUS_LINE.exec(line)
  if (match === null) {
    find({ id: 'http-not-http', note: 'no status code' })
    return false
  }
  head.version = match[1]!
  head.status = Number(match[2])
  head.reason = match[3]!
  if (VERSION.test(head.version) && !isVersion1(head.version)) {
    find({ id: 'http-not-http', note: `the version is ${head.version}` })
    return false
  }
  // RFC 9112 4: the space after the code must be there even when the reason is empty
  if (strict === null) find({ id: 'http-status-line', note: line.slice(0, 40) })
  else if (head.status < 100 || head.status > 599) find({ id: 'http-status-line', note: `status ${head.status}` }) // RFC 9110 15
  return true
}
