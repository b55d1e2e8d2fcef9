/**
 * The bytes of a row: as they crossed the wire, the payload in them (unmasked, without chunk framing), and the
 * content an application sees (inflated, an event's data, a call's argument). Results may be views: copy to keep.
 */
import { FLAG, OPCODE, type BytesPart } from '../../../preload/contract/index.ts'
import { unmaskedPayload } from '../../protocol/websocket/decode.ts'
import { readSseBlock } from '../../protocol/sse/decode.ts'
import type { Pages } from '../pages.ts'
import { detailsOf, hasWire, rowAt, type Row } from './row.ts'
import { find, fragmentsOf, rowOf } from './walk.ts'

const EMPTY = new Uint8Array(0)
/** Most of a poll's or message's bytes that are put together from other rows. */
const JOINED = 64 * 1024 * 1024
const FRAME_HEADER = 14
const LF = 10

/** A range of the row's bytes on the wire. */
export function wireOf(pages: Pages, row: Row, offset = 0, length = Infinity): Uint8Array {
  if (!hasWire(row)) return EMPTY
  if (row.kind === 'ws-message')
    return slice(joinRows(pages, fragmentsOf(pages, row)?.frames ?? [], wireOf), offset, length)
  const start = row.wireOffset + offset
  const end = Math.min(row.wireOffset + row.wireLength, start + length)
  return pages.read(row.page, row.connection, row.sender, start, end)
}

/** What was kept beside the wire, possibly nothing at all; null when the row has none. */
export function storedContent(row: Row): Uint8Array | null {
  if (row.contentLength === 0) return inflatesToNothing(row) ? EMPTY : null
  const start = row.page.wide.contentOffset[row.index]!
  return row.page.content.subarray(start, start + row.contentLength)
}

/** What a row of text lines or a script is made of: kept when it did not lie in one piece on the wire. */
export const sourceOf = (pages: Pages, row: Row): Uint8Array => storedContent(row) ?? wireOf(pages, row)

/** A range of one of the three, at most what is there. */
export function bytesOf(pages: Pages, row: Row, part: BytesPart, offset: number, length: number): Uint8Array {
  if (part === 'wire') return wireOf(pages, row, offset, length)
  if (part === 'content') return contentOf(pages, row, offset, length)
  return payloadOf(pages, row, offset, length)
}

export function contentOf(pages: Pages, row: Row, offset = 0, length = Infinity): Uint8Array {
  switch (row.kind) {
    case 'ws-frame':
    case 'ws-message':
    case 'http-body': {
      const stored = storedContent(row)
      return stored ? slice(stored, offset, length) : payloadOf(pages, row, offset, length)
    }
    case 'script-call': {
      const { value, argument } = detailsOf(row, 'script-call')
      return slice(Buffer.from(value ?? argument ?? ''), offset, length)
    }
    case 'api-event': {
      const { data, text } = detailsOf(row, 'api-event')
      return slice(Buffer.from(data ?? text ?? ''), offset, length)
    }
    case 'http-request':
    case 'http-response':
      return EMPTY
    default:
      return payloadOf(pages, row, offset, length)
  }
}

/** Coded bytes that were read without a fault and gave no content: a coded piece or message may well be empty inside. */
function inflatesToNothing(row: Row): boolean {
  if (row.kind === 'http-body') return detailsOf(row, 'http-body').coding !== undefined
  if (row.kind !== 'ws-frame' || (row.flags & FLAG.compressed) === 0) return false
  const whole = (row.flags & FLAG.fin) !== 0 && row.code !== OPCODE.continuation
  return whole && (row.flags & (FLAG.truncated | FLAG.finding)) === 0
}

function payloadOf(pages: Pages, row: Row, offset: number, length: number): Uint8Array {
  switch (row.kind) {
    case 'ws-frame':
      return framePayload(pages, row, offset, length)
    case 'ws-message': {
      const stored = storedContent(row)
      if (stored) return slice(stored, offset, length)
      return slice(joinRows(pages, fragmentsOf(pages, row)?.frames ?? [], payloadOf), offset, length)
    }
    case 'http-body':
      return bodyPayload(pages, row, offset, length)
    case 'sse-event':
      return slice(Buffer.from(readSseBlock(sourceOf(pages, row), '', false).data), offset, length)
    case 'sse-comment':
    case 'sse-retry':
    case 'sse-id':
      return slice(Buffer.from(lineValue(pages, row)), offset, length)
    case 'script-call':
      return slice(sourceOf(pages, row), offset, length)
    case 'poll':
      return slice(pollBody(pages, row), offset, length)
    default:
      return EMPTY
  }
}

/** What a comment, retry or id line says. */
export const lineValue = (pages: Pages, row: Row): string =>
  readSseBlock(sourceOf(pages, row), '', false).lines[0]?.value ?? ''

/** Unmasks just the range: a 64 MiB frame is shown a page at a time. */
function framePayload(pages: Pages, row: Row, offset: number, length: number): Uint8Array {
  const header = wireOf(pages, row, 0, FRAME_HEADER)
  if (header.length < 2) return EMPTY
  const second = header[1]!
  const size = 2 + ((second & 127) === 126 ? 2 : (second & 127) === 127 ? 8 : 0) + (second & 128 ? 4 : 0)
  if ((second & 128) === 0) return wireOf(pages, row, size + offset, length)
  // The key fits every fourth byte, so the range begins at one.
  const start = offset - (offset % 4)
  const masked = wireOf(pages, row, size + start, length + (offset - start))
  const wire = new Uint8Array(size + masked.length)
  wire.set(header.subarray(0, size))
  wire.set(masked, size)
  return unmaskedPayload(wire).subarray(offset - start)
}

/** Without the chunk's size line and line end. */
function bodyPayload(pages: Pages, row: Row, offset: number, length: number): Uint8Array {
  const frame = row.wireLength - row.payloadLength
  let start = 0
  // Only the first part of a chunk has the size line; a later one has at most the line end behind it.
  if (frame > 2) start = wireOf(pages, row, 0, Math.min(frame, 16_384)).indexOf(LF) + 1
  return wireOf(pages, row, start + offset, Math.min(length, Math.max(0, row.payloadLength - offset)))
}

/** The body of a poll's answer. */
function pollBody(pages: Pages, row: Row): Uint8Array {
  const { responseSeq } = detailsOf(row, 'poll')
  if (!responseSeq) return EMPTY
  const bodies: number[] = []
  find(pages, responseSeq + 1, 1, (page, i) => {
    if (page.firstSeq + i >= row.seq) return null
    const one = page.narrow
    if (one.connection[i] === row.connection && rowAt(page, i).kind === 'http-body' && one.from[i] === 1)
      bodies.push(page.firstSeq + i)
    return false
  })
  return joinRows(pages, bodies, contentOf)
}

function joinRows(
  pages: Pages,
  seqs: readonly number[],
  read: (pages: Pages, row: Row, offset: number, length: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = []
  let total = 0
  for (const seq of seqs) {
    const row = rowOf(pages, seq)
    if (!row) continue
    const part = read(pages, row, 0, JOINED - total)
    parts.push(part)
    total += part.length
    if (total >= JOINED) break
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

const slice = (bytes: Uint8Array, offset: number, length: number): Uint8Array =>
  bytes.subarray(offset, Math.min(bytes.length, offset + length))
