/**
 * Reads one HTTP/1.1 head (RFC 9112 2-5), cut anywhere: start line, then header lines in wire order and case.
 * Not here: what the headers mean (tokens.ts), how the body is framed (body.ts).
 * https://www.rfc-editor.org/rfc/rfc9112#section-2
 */
import type { FindingId, Limits, RequestHead, ResponseHead } from '../../../preload/contract/index.ts'
import { createByteBuffer, latin1 } from './bytes.ts'
import { isFolded, readHeaderLine, unfold } from './header-line.ts'
import { isTokenByte, readRequestLine, readStatusLine } from './start-line.ts'

export type HeadLimits = Pick<Limits, 'headBytes' | 'headerCount'>

/** One violation; `note` gives the particulars of its first occurrence. At most one per id and head. */
export interface HeadFinding {
  id: FindingId
  note?: string
}

/**
 * `reading`: give it more. `done`: the empty line came. `not-http`: the first line cannot be HTTP.
 * `too-large`: the limit of bytes was reached before the end; `head` holds what was read.
 */
export type HeadState = 'reading' | 'done' | 'not-http' | 'too-large'

export interface HeadReader<Head> {
  readonly state: HeadState
  /** Filled as lines come; whole once `state` is `done`. */
  readonly head: Head
  readonly findings: readonly HeadFinding[]
  /** Bytes of empty lines passed over before the start line. */
  readonly skipped: number
  /** Bytes of the head so far, from the first of the start line to the last consumed. */
  readonly length: number
  /**
   * Takes bytes from `start` on and says how many it took. It takes all of them while the head goes on,
   * stops behind the empty line, and takes none once `state` is no longer `reading`.
   */
  feed(bytes: Uint8Array, start?: number): number
}

export interface HeadByKind {
  request: RequestHead
  /** `requestSeq` is null; the caller knows it. */
  response: ResponseHead
  /** The trailer section after the last chunk: header lines only. */
  trailers: { headers: RequestHead['headers'] }
}

/** Framing and upgrade depend on these, so they are read even past the limit of header lines. */
const ALWAYS_READ = new Set(['content-length', 'transfer-encoding', 'connection', 'upgrade'])

/** No method in use is longer; what goes on without a space is another protocol. */
const METHOD_BYTES = 64
const STATUS_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f] // HTTP/
const LF = 10
const CR = 13

const emptyHeads = (): HeadByKind => ({
  request: { method: '', target: '', version: '', headers: [] },
  response: { status: 0, reason: '', version: '', headers: [], requestSeq: null },
  trailers: { headers: [] },
})

export function createHeadReader<Kind extends keyof HeadByKind>(
  kind: Kind,
  limits: HeadLimits,
): HeadReader<HeadByKind[Kind]> {
  const heads = emptyHeads()
  const head = heads[kind]
  const { headers } = head
  const findings: HeadFinding[] = []
  const line = createByteBuffer()
  let started = kind === 'trailers'
  /** The first bytes of the start line, as many as were looked at, are those of HTTP; it needs no further look. */
  let prefixed = kind === 'trailers'
  let looked = 0
  let lastDropped = false

  const find = (finding: HeadFinding): void => {
    if (!findings.some(({ id }) => id === finding.id)) findings.push(finding)
  }

  /** True as long as the first bytes may begin a start line: garbage must not wait for a line end that never comes. */
  const mayBeHttp = (byte: number): boolean => {
    if (kind === 'response') {
      prefixed = looked === STATUS_PREFIX.length - 1
      return byte === STATUS_PREFIX[looked]
    }
    prefixed = looked > 0 && (byte === 0x20 || byte === 0x09)
    return prefixed || (looked < METHOD_BYTES && isTokenByte(byte))
  }

  /** How many bytes from `start` on were taken when one of them could not be HTTP; 0 while all goes well. */
  const wrongPrefix = (bytes: Uint8Array, start: number): number => {
    for (let at = start; !prefixed && at < bytes.length; at += 1) {
      if (!mayBeHttp(bytes[at]!)) return at + 1 - start
      looked += 1
    }
    return 0
  }

  const startLine = (text: string): void => {
    started = true
    const isHttp =
      kind === 'request' ? readRequestLine(text, heads.request, find) : readStatusLine(text, heads.response, find)
    if (isHttp) return
    reader.state = 'not-http'
    find({ id: 'http-not-http' })
  }

  const headerLine = (text: string): void => {
    if (isFolded(text)) {
      const last = headers.at(-1)
      // RFC 9112 2.2: such a line before the first header belongs to nothing
      if (last === undefined) find({ id: 'http-header-line', note: 'white space before the first header' })
      else find({ id: 'http-obs-fold', note: last[0].slice(0, 60) }) // RFC 9112 5.2
      if (last !== undefined && !lastDropped) headers[headers.length - 1] = unfold(last, text, find)
      return
    }
    const header = readHeaderLine(text, find)
    if (header === null) return
    const full = headers.length >= limits.headerCount
    if (full) find({ id: 'http-too-many-headers', note: `only the first ${limits.headerCount} are kept` })
    lastDropped = full && !ALWAYS_READ.has(header[0].toLowerCase())
    if (!lastDropped) headers.push(header)
  }

  /** From `start` up to the LF at `end`; a CR before it is part of the line end. */
  const takeLine = (bytes: Uint8Array, start: number, end: number): void => {
    const ended = end > start && bytes[end - 1] === CR
    const text = latin1(bytes, start, ended ? end - 1 : end)
    if (!ended) find({ id: 'http-bare-lf' }) // RFC 9112 2.2
    const bare = text.includes('\r')
    if (bare) find({ id: 'http-bare-cr' }) // RFC 9112 2.2: read as a space
    const clean = bare ? text.replaceAll('\r', ' ') : text
    if (!started) startLine(clean)
    else if (clean === '') reader.state = 'done'
    else headerLine(clean)
  }

  const reader = {
    state: 'reading' as HeadState,
    head,
    findings,
    skipped: 0,
    length: 0,
    feed(bytes: Uint8Array, start = 0): number {
      let at = start
      while (reader.state === 'reading' && at < bytes.length) {
        // RFC 9112 2.2: empty lines before the start line are passed over; they count against the limit
        if (!started && reader.length === 0 && (bytes[at] === CR || bytes[at] === LF)) {
          reader.skipped += 1
          at += 1
          if (reader.skipped >= limits.headBytes) reader.state = 'too-large'
          continue
        }
        const wrong = prefixed ? 0 : wrongPrefix(bytes, at)
        if (wrong > 0) {
          reader.length += wrong
          at += wrong
          reader.state = 'not-http'
          find({ id: 'http-not-http' })
          break
        }
        const room = Math.max(0, limits.headBytes - reader.skipped - reader.length)
        const end = Math.min(bytes.length, at + room)
        const lf = bytes.indexOf(LF, at)
        if (lf !== -1 && lf < end) {
          if (line.length === 0) takeLine(bytes, at, lf)
          else {
            const whole = line.take(bytes.subarray(at, lf))
            takeLine(whole, 0, whole.length)
          }
          reader.length += lf + 1 - at
          at = lf + 1
        } else {
          line.append(bytes.subarray(at, end))
          reader.length += end - at
          at = end
          if (reader.length + reader.skipped >= limits.headBytes) {
            reader.state = 'too-large'
            find({ id: 'http-head-too-large', note: `more than ${limits.headBytes} bytes` })
          }
        }
      }
      return at - start
    },
  }
  return reader
}
