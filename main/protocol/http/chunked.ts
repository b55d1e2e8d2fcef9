/**
 * Reads a chunked body (RFC 9112 7.1), cut anywhere: a part per chunk, the last one with the trailers.
 *
 * A chunk of at most 64 KiB is held until it is complete, so that its part does not depend on how the network cut
 * it. A larger one is given on in parts as it arrives (the first with the size line, the last with the line end),
 * so a chunk of any declared size holds no memory here.
 * https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 */
import type { Header } from '../../../preload/contract/index.ts'
import type { BodyLimits, BodyPart, BodyReader } from './body.ts'
import { createByteBuffer, latin1 } from './bytes.ts'
import { createHeadReader, type HeadFinding } from './head.ts'
import { trimOws } from './tokens.ts'

const HELD_CHUNK = 64 * 1024
/** Size and extensions of one chunk; RFC 9112 7.1.1 asks for a limit and gives none. */
const SIZE_LINE = 16 * 1024
const NOTHING = new Uint8Array(0)
const LF = 10
const CR = 13

/**
 * RFC 9112 7.1.1, behind the first semicolon: names, with values that are tokens or quoted strings. No part can be
 * read in two ways, so that a long line costs its length.
 */
const EXTENSIONS =
  /^(?:[ \t]*[\w!#$%&'*+.^`|~-]+(?:[ \t]*=[ \t]*(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\\0-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e\x80-\xff])*"))?[ \t]*(?:;(?!$)|$))+$/
/** RFC 9110 6.5.1: they are needed before the content. */
const HEADER_ONLY = new Set([
  ...['transfer-encoding', 'content-length', 'host', 'trailer'],
  ...['content-encoding', 'content-type', 'content-range'],
])

const isHexDigit = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`

export function createChunkedReader(offset: number, limits: BodyLimits, onPart: (part: BodyPart) => void): BodyReader {
  /** What comes next: `cr` and `lf` are the line end behind the data. */
  let next: 'size' | 'data' | 'cr' | 'lf' | 'trailers' = 'size'
  let position = offset
  let partStart = offset
  let dataStart = offset
  let left = 0
  let streaming = false
  let extension: string | undefined
  let findings: HeadFinding[] = []
  const line = createByteBuffer()
  const held = createByteBuffer()
  const trailers = createHeadReader('trailers', limits)

  /** `why` is null when the part already says it. */
  const lose = (where: number, why: HeadFinding | null): void => {
    reader.state = 'lost'
    reader.lostAt = where
    reader.lostFor = why
  }

  const emit = (data: Uint8Array, marks: { truncated?: boolean; last?: boolean; trailers?: Header[] } = {}): void => {
    onPart({
      wireOffset: partStart,
      wireLength: position - partStart,
      dataOffset: dataStart,
      data,
      ...(extension === undefined ? {} : { extension }),
      ...(marks.trailers === undefined || marks.trailers.length === 0 ? {} : { trailers: marks.trailers }),
      findings,
      truncated: marks.truncated ?? false,
      last: marks.last ?? false,
    })
    partStart = position
    dataStart = position
    extension = undefined
    findings = []
  }

  /** One of a kind: the first says enough. */
  const tell = (finding: HeadFinding): void => {
    if (!findings.some(({ id }) => id === finding.id)) findings.push(finding)
  }

  const takeSizeLine = (raw: Uint8Array): void => {
    const ended = raw.at(-1) === CR
    const text = latin1(ended ? raw.subarray(0, -1) : raw)
    const semicolon = text.indexOf(';')
    const written = semicolon === -1 ? text : text.slice(0, semicolon)
    const digits = trimOws(written)
    if (!/^[0-9A-Fa-f]+$/.test(digits)) {
      lose(partStart, { id: 'http-chunk-size', note: text.slice(0, 40) })
      return
    }
    if (!ended) tell({ id: 'http-chunk-size', note: 'the line ends with LF alone' })
    else if (written !== digits) tell({ id: 'http-chunk-size', note: 'white space around the size' })
    else if (text.includes('\r')) tell({ id: 'http-bare-cr' })
    if (semicolon !== -1) {
      extension = text.slice(semicolon + 1)
      if (!EXTENSIONS.test(extension)) tell({ id: 'http-chunk-size', note: 'a malformed extension' })
    }
    left = parseInt(digits, 16)
    if (!Number.isSafeInteger(left)) {
      tell({ id: 'http-chunk-size', note: `${digits.replace(/^0+/, '').length} hex digits` })
      left = Number.MAX_SAFE_INTEGER
    }
    dataStart = position
    streaming = left > HELD_CHUNK
    next = left === 0 ? 'trailers' : 'data'
  }

  const readSize = (bytes: Uint8Array, at: number): number => {
    if (line.length === 0 && !isHexDigit(bytes[at]!)) {
      // RFC 9112 7.1: without a size nobody knows where the next chunk begins
      lose(position, { id: 'http-chunk-size', note: `got ${hex(bytes[at]!)}` })
      return 0
    }
    const room = SIZE_LINE - line.length
    const lf = bytes.subarray(at, at + room).indexOf(LF)
    const taken = lf === -1 ? Math.min(bytes.length - at, room) : lf + 1
    position += taken
    if (lf !== -1) takeSizeLine(line.take(bytes.subarray(at, at + lf)))
    else {
      line.append(bytes.subarray(at, at + taken))
      if (line.length >= SIZE_LINE) lose(partStart, { id: 'http-chunk-size', note: `longer than ${SIZE_LINE} bytes` })
    }
    return taken
  }

  /** Takes the line end behind the data; `data` is the chunk's, or what is left of a streamed one. */
  const readEnd = (byte: number, data: () => Uint8Array): number => {
    if (next === 'cr' && byte === CR) {
      position += 1
      next = 'lf'
      return 1
    }
    const isLf = byte === LF
    // RFC 9112 7.1: chunk-data CRLF
    if (next === 'cr' || !isLf) findings.push({ id: 'http-chunk-end', note: isLf ? 'LF alone' : `got ${hex(byte)}` })
    if (isLf) position += 1
    emit(data())
    next = 'size'
    if (!isLf) lose(position, null)
    return isLf ? 1 : 0
  }

  const readTrailers = (bytes: Uint8Array, at: number): number => {
    const taken = trailers.feed(bytes, at)
    position += taken
    if (trailers.state === 'reading') return taken
    findings.push(...trailers.findings)
    const wrong = trailers.head.headers.find(([name]) => HEADER_ONLY.has(name.toLowerCase()))
    if (wrong !== undefined) tell({ id: 'http-trailer-forbidden', note: wrong[0] })
    emit(NOTHING, { trailers: trailers.head.headers, last: trailers.state === 'done' })
    if (trailers.state === 'done') reader.state = 'done'
    else lose(position, null)
    return taken
  }

  const reader = {
    state: 'reading' as BodyReader['state'],
    lostAt: 0,
    lostFor: null as HeadFinding | null,
    feed(bytes: Uint8Array, start: number): number {
      let at = start
      let from = start // data of this piece that is not yet given on
      let dataEnd = start
      const data = (): Uint8Array => {
        const view = bytes.subarray(from, dataEnd)
        from = dataEnd
        return held.length > 0 ? held.take(view) : view
      }
      while (reader.state === 'reading' && at < bytes.length) {
        if (next === 'size') at += readSize(bytes, at)
        else if (next === 'trailers') at += readTrailers(bytes, at)
        else if (next === 'data') {
          const taken = Math.min(left, bytes.length - at)
          from = at
          at += taken
          dataEnd = at
          position += taken
          left -= taken
          if (left === 0) next = 'cr'
        } else at += readEnd(bytes[at]!, data)
      }
      if (reader.state === 'reading' && dataEnd > from) {
        if (streaming) emit(data())
        else held.append(bytes.subarray(from, dataEnd))
      }
      return at - start
    },
    end(): void {
      if (reader.state !== 'reading') return
      reader.state = 'lost'
      emit(held.take(), { truncated: true, trailers: trailers.head.headers })
    },
  }
  return reader
}
