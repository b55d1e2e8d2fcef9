/**
 * A row as one JSON object, the plain form that people and CI jobs read. Keys are stable: only ever add.
 * Bytes are `text` where they are valid UTF-8 that is meant as text, else `base64`; absent values have no key.
 */
import {
  FLAG,
  maskHeaders,
  maskTarget,
  maskText,
  OPCODE,
  type Header,
  type RequestHead,
  type ResponseHead,
} from '../../../preload/contract/index.ts'
import { readSseBlock } from '../../protocol/sse/decode.ts'
import { readFrame } from '../../protocol/websocket/decode.ts'
import { contentOf, lineValue, sourceOf, storedContent, wireOf } from '../decode/content.ts'
import { detailsOf, findingsOf, hasWire, type Row } from '../decode/row.ts'
import { belongsToText } from '../decode/summary.ts'
import { validText } from '../decode/visible.ts'
import type { Pages } from '../pages.ts'

type Fields = Record<string, unknown>

/** UTF-16 units of a value that are written at once. */
const PIECE = 1_048_576

/** `startedAt`: ms since the epoch. Credentials in heads and URLs are marks, unless `secrets` are asked for. */
export const toJson = (pages: Pages, row: Row, startedAt: number, secrets = false): string =>
  JSON.stringify(recordOf(pages, row, startedAt, secrets))

/**
 * The same, in pieces where it is long: inflated zeros of 64 MiB are six times as much in JSON, and a string of that
 * length is copied several times on its way out. All is read from the capture before this returns.
 */
export function toJsonPieces(pages: Pages, row: Row, startedAt: number, secrets = false): string | Iterable<string> {
  const record = recordOf(pages, row, startedAt, secrets)
  const isLong = Object.values(record).some((value) => typeof value === 'string' && value.length > PIECE)
  return isLong ? inPieces(record) : JSON.stringify(record)
}

function* inPieces(record: Fields): Generator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue
    yield `${before}${JSON.stringify(name)}:`
    before = ','
    if (typeof value === 'string') yield* textInPieces(value)
    else yield JSON.stringify(value)
  }
  yield '}'
}

function* textInPieces(text: string): Generator<string> {
  yield '"'
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + PIECE)
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end += 1 // a lone half would be escaped
    yield JSON.stringify(text.slice(at, end)).slice(1, -1)
    at = end
  }
  yield '"'
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00

function recordOf(pages: Pages, row: Row, startedAt: number, secrets: boolean): Fields {
  const findings = findingsOf(row).map(({ id, severity, message }) => ({
    id,
    severity,
    message: secrets ? message : maskText(message),
  }))
  const fields = fieldsOf(pages, row)
  return {
    seq: row.seq,
    t: Number((row.time / 1_000_000).toFixed(6)),
    at: new Date(startedAt + row.time / 1_000).toISOString(),
    connection: row.connection,
    from: row.from,
    kind: row.kind,
    ...(hasWire(row) ? { wireLength: row.wireLength } : {}),
    ...(secrets ? fields : withoutSecrets(row, fields)),
    ...((row.flags & FLAG.truncated) !== 0 ? { truncated: true } : {}),
    ...(findings.length > 0 ? { findings } : {}),
  }
}

/** Names, order and case of headers stay; payloads stay as a whole, for they are what is captured. */
function withoutSecrets(row: Row, fields: Fields): Fields {
  const { target, headers, trailers } = fields as { target?: string; headers?: Header[]; trailers?: Header[] }
  switch (row.kind) {
    case 'http-request':
    case 'http-response':
      return {
        ...fields,
        ...(target === undefined ? {} : { target: maskTarget(target) }),
        ...(headers === undefined ? {} : { headers: maskHeaders(headers) }),
      }
    case 'http-body':
      return trailers === undefined ? fields : { ...fields, trailers: maskHeaders(trailers) }
    case 'connect':
    case 'error':
    case 'note':
    case 'reconnect':
      return Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? maskText(value) : value]),
      )
    default:
      return fields
  }
}

function fieldsOf(pages: Pages, row: Row): Fields {
  switch (row.kind) {
    case 'http-request': {
      const { method, target, version, headers } = (row.details ?? {}) as Partial<RequestHead>
      return { method, target, version, headers }
    }
    case 'http-response': {
      const { status, reason, version, headers, requestSeq } = (row.details ?? {}) as Partial<ResponseHead>
      return { status, reason, version, headers, requestSeq }
    }
    case 'http-body': {
      const { framing, coding, extension, trailers } = detailsOf(row, 'http-body')
      const content = contentOf(pages, row)
      return {
        length: row.payloadLength,
        ...(coding === undefined ? {} : { inflatedLength: content.length }),
        ...textOrBase64(content, true),
        framing,
        coding,
        extension,
        trailers,
      }
    }
    case 'ws-frame':
      return frameFields(pages, row)
    case 'ws-message': {
      const { frames, firstSeq, compressedLength } = detailsOf(row, 'ws-message')
      const compressed = (row.flags & FLAG.compressed) !== 0
      const content = contentOf(pages, row)
      return {
        opcode: row.code,
        frames,
        firstSeq,
        length: row.payloadLength,
        compressed,
        compressedLength,
        ...textOrBase64(content, row.code === OPCODE.text),
      }
    }
    case 'sse-event': {
      const { event, data, id, lastEventId } = readSseBlock(
        sourceOf(pages, row).slice(),
        detailsOf(row, 'sse-event').id ?? '',
        false,
      )
      const dropped = (row.flags & FLAG.dropped) !== 0
      return { event, data, id: id ?? lastEventId, ...(dropped ? { dropped } : {}) }
    }
    case 'sse-comment':
      return { text: lineValue(pages, row) }
    case 'sse-retry':
      return { retry: Number(lineValue(pages, row)) }
    case 'sse-id':
      return { id: lineValue(pages, row) }
    case 'close': {
      const { code, reason, by, clean, how } = detailsOf(row, 'close')
      return { code, reason, by, clean, how }
    }
    default:
      // connect, tls, script-call, poll, reconnect, error, api-event, note: their details are their fields
      return { ...row.details }
  }
}

function frameFields(pages: Pages, row: Row): Fields {
  const frame = readFrame(wireOf(pages, row, 0, 4_096).slice())
  const compressed = (row.flags & FLAG.compressed) !== 0
  const inflated = compressed ? storedContent(row) : null
  const content = contentOf(pages, row)
  return {
    fin: frame.fin,
    rsv: (frame.rsv1 ? 4 : 0) | (frame.rsv2 ? 2 : 0) | (frame.rsv3 ? 1 : 0),
    opcode: frame.opcode,
    masked: frame.masked,
    ...(frame.masked ? { maskKey: frame.maskKey } : {}),
    length: row.payloadLength,
    compressed,
    ...(inflated ? { inflatedLength: inflated.length } : {}),
    ...(frame.opcode === OPCODE.close ? closeFields(content) : textOrBase64(content, isText(pages, row, inflated))),
  }
}

function isText(pages: Pages, row: Row, inflated: Uint8Array | null): boolean {
  if ((row.flags & FLAG.compressed) !== 0 && !inflated) return false
  if (row.code === OPCODE.continuation) return belongsToText(pages, row)
  return row.code === OPCODE.text || row.code === OPCODE.ping || row.code === OPCODE.pong
}

function closeFields(payload: Uint8Array): Fields {
  if (payload.length < 2) return textOrBase64(payload, payload.length === 0)
  const code = (payload[0]! << 8) | payload[1]!
  const reason = validText(payload.subarray(2))
  return reason === null ? { code, ...textOrBase64(payload, false) } : { code, text: reason }
}

function textOrBase64(bytes: Uint8Array, isText: boolean): Fields {
  const text = isText ? validText(bytes) : null
  if (text !== null) return { text }
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') }
}
