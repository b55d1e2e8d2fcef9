/**
 * Where the body of a message ends (RFC 9112 6.3), and which codings lie on it. Decides; reads no bytes (body.ts does).
 * https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
import type { RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import type { HeadFinding } from './head.ts'
import { hasHeader, headerList, headerTokens, headerValues, trimOws } from './tokens.ts'

export type Framing =
  | { kind: 'none' }
  | { kind: 'length'; length: number }
  | { kind: 'chunked' }
  /** Until the sender ends the connection. */
  | { kind: 'close' }
  /** Nobody can say: what follows cannot be read as messages. */
  | { kind: 'unknown' }

export interface FramingChoice {
  framing: Framing
  findings: HeadFinding[]
  /** Content codings, then transfer codings other than chunked, in the order they were applied; lower case. */
  codings: string[]
}

type Headers = RequestHead['headers']

/** RFC 9112 7.2, besides chunked. */
const TRANSFER_CODINGS = new Set(['gzip', 'x-gzip', 'deflate'])

const NONE: Framing = { kind: 'none' }

export function requestFraming(head: RequestHead): FramingChoice {
  return frame(head.headers, head.version, NONE, { kind: 'unknown' })
}

/** `method` is that of the request it answers; null when none was seen. */
export function responseFraming(head: ResponseHead, method: string | null): FramingChoice {
  const { status, headers } = head
  // RFC 9110 9.3.6: a 2xx to CONNECT begins a tunnel
  const bodyless = (status >= 100 && status < 200) || status === 204 || (method === 'CONNECT' && isOk(status))
  if (bodyless) return { framing: NONE, findings: unexpected(status, headers), codings: [] }
  const choice = frame(headers, head.version, { kind: 'close' }, { kind: 'close' })
  // RFC 9112 6.3 (1): whatever they announce, which must be right all the same
  if (method === 'HEAD' || status === 304) return { framing: NONE, findings: choice.findings, codings: [] }
  // RFC 9110 15.3.6
  if (status === 205 && choice.framing.kind === 'length') {
    choice.findings.push({ id: 'http-body-forbidden', note: `${choice.framing.length} bytes in a 205 answer` })
  }
  return choice
}

const isOk = (status: number): boolean => status >= 200 && status < 300

/** RFC 9110 8.6 and RFC 9112 6.1: 1xx, 204 and a 2xx to CONNECT must not announce a body; HEAD and 304 may. */
function unexpected(status: number, headers: Headers): HeadFinding[] {
  const name = ['Content-Length', 'Transfer-Encoding'].find((header) => hasHeader(headers, header.toLowerCase()))
  return name === undefined ? [] : [{ id: 'http-body-forbidden', note: `${name} in a ${status} answer` }]
}

/** `absent`: what holds when neither header is there; `broken`: when they cannot be understood. */
function frame(headers: Headers, version: string, absent: Framing, broken: Framing): FramingChoice {
  const findings: HeadFinding[] = []
  const contentCodings = headerTokens(headers, 'content-encoding')
  const lengths = headerValues(headers, 'content-length')
  const written = headerList(headers, 'transfer-encoding')
  const transfer = written.map((coding) => trimOws(coding.split(';', 1)[0]!).toLowerCase())

  if (hasHeader(headers, 'transfer-encoding')) {
    // RFC 9112 6.3 (3): Transfer-Encoding overrides, and the pair is a classic of request smuggling
    if (lengths.length > 0) findings.push({ id: 'http-length-and-chunked' })
    // RFC 9112 6.1: HTTP/1.0 has no transfer codings
    if (version === 'HTTP/1.0') findings.push({ id: 'http-transfer-coding', note: 'in an HTTP/1.0 message' })
    const others = transfer.filter((coding) => coding !== 'chunked')
    const known = others.every((coding) => TRANSFER_CODINGS.has(coding))
    const codings = known ? [...contentCodings, ...others] : []
    // RFC 9112 6.3 (4): chunked, once, last; else the end of an answer is the end of the connection
    const isChunked = transfer.at(-1) === 'chunked'
    // RFC 9112 7.1: chunked has no parameters, and the others that are known here have none either
    const bare = written.every((coding, index) => coding.length === transfer[index]!.length)
    if (!known || !isChunked || !bare || transfer.length > others.length + 1) {
      findings.push({ id: 'http-transfer-coding', note: written.join(', ').slice(0, 60) || 'empty' })
    }
    return { framing: isChunked ? { kind: 'chunked' } : broken, findings, codings }
  }
  if (lengths.length === 0) return { framing: absent, findings, codings: contentCodings }

  // RFC 9112 6.3 (5): a list is allowed only when all its members are the same valid number
  const members = lengths.flatMap((value) => value.split(',')).map(trimOws)
  const [first = ''] = members
  if (!/^\d+$/.test(first) || members.some((member) => member !== first)) {
    findings.push({ id: 'http-length-conflict', note: members.join(', ').slice(0, 60) })
    return { framing: broken, findings, codings: contentCodings }
  }
  if (members.length > 1)
    findings.push({ id: 'http-length-repeated', note: `${members.length} times ${first.slice(0, 20)}` })
  // past 2^53 a number is no longer exact; no body ever gets there
  const length = Math.min(Number(first), Number.MAX_SAFE_INTEGER)
  return { framing: length === 0 ? NONE : { kind: 'length', length }, findings, codings: contentCodings }
}
