/** All there is to say about one row: what the detail pane shows. Its bytes are asked for apart (content.ts). */
import {
  FLAG,
  OPCODE,
  type Arrival,
  type FrameFields,
  type RowDetail,
  type SseFields,
} from '../../../preload/contract/index.ts'
import { readSseBlock } from '../../protocol/sse/decode.ts'
import { readFrame } from '../../protocol/websocket/decode.ts'
import type { Pages } from '../pages.ts'
import { contentOf, sourceOf, storedContent, wireOf } from './content.ts'
import { isFragment, messageOf, relatedTo } from './related.ts'
import { detailsOf, findingsOf, hasPayload, hasWire, type Row } from './row.ts'
import { createSummaryContext, payloadLengthOf, summarize } from './summary.ts'
import { validText } from './visible.ts'

/** Bytes looked at to tell text from binary. */
const SAMPLE = 64 * 1024
/** Bytes of a frame that the fields are read from: the header and what FrameFields shows. */
const FRAME_SAMPLE = 8 * 1024
/** Chunks listed at most. */
const ARRIVALS = 1_000

export function describe(pages: Pages, row: Row, startedAt: number): RowDetail {
  const content = contentOf(pages, row, 0, SAMPLE + 1)
  return {
    ...summarize(createSummaryContext(pages), row),
    at: new Date(startedAt + row.time / 1_000).toISOString(),
    flags: row.flags,
    code: row.code,
    streamOffset: hasWire(row) ? row.wireOffset : null,
    details: row.kind === 'ws-frame' ? frameDetails(pages, row) : row.details,
    findings: findingsOf(row),
    frame: row.kind === 'ws-frame' ? frameFields(pages, row) : null,
    sse: row.kind.startsWith('sse-') ? sseFields(pages, row) : null,
    arrivals: arrivalsOf(pages, row),
    sizes: {
      wire: hasWire(row) ? row.wireLength : 0,
      payload: hasPayload(row) ? payloadLengthOf(row) : contentSize(pages, row, content),
      content: contentSize(pages, row, content),
    },
    contentType: contentTypeOf(row, content),
    related: relatedTo(pages, row),
  }
}

/** A fragment's row has the seq of its first frame; who looks at it wants that of the message. */
function frameDetails(pages: Pages, row: Row): RowDetail['details'] {
  const message = isFragment(row) ? messageOf(pages, row) : null
  return message && { messageSeq: message.seq }
}

function contentSize(pages: Pages, row: Row, sample: Uint8Array): number {
  if (sample.length <= SAMPLE) return sample.length
  if (row.kind === 'ws-frame' || row.kind === 'http-body') return storedContent(row)?.length ?? row.payloadLength
  return contentOf(pages, row).length
}

export function frameFields(pages: Pages, row: Row): FrameFields {
  const fields: FrameFields & { payloadStart?: number } = readFrame(wireOf(pages, row, 0, FRAME_SAMPLE).slice())
  delete fields.payloadStart
  const compressed = (row.flags & FLAG.compressed) !== 0
  const whole = row.wireLength <= FRAME_SAMPLE
  return {
    ...fields,
    compressed,
    inflatedLength: compressed ? (storedContent(row)?.length ?? null) : null,
    // The frame alone says nothing of the text that it continues or that is inflated; a cut one ends anywhere.
    utf8ErrorAt:
      row.code === OPCODE.text && !compressed ? utf8Error(pages, row, whole ? fields.utf8ErrorAt : null) : null,
  }
}

function utf8Error(pages: Pages, row: Row, known: number | null): number | null {
  if ((row.flags & FLAG.fin) === 0) return known === null || known >= 0 ? known : -1
  if (known !== null) return known
  return readFrame(wireOf(pages, row).slice()).utf8ErrorAt
}

export const sseFields = (pages: Pages, row: Row): SseFields =>
  readSseBlock(sourceOf(pages, row).slice(), detailsOf(row, 'sse-event').id ?? '', false)

/** The network's chunks that carry bytes of the row; one that was cut by a page is put together again. */
function arrivalsOf(pages: Pages, row: Row): Arrival[] {
  if (!hasWire(row) || row.wireLength === 0) return []
  const arrivals: Arrival[] = []
  const { connection, sender, wireOffset, wireLength } = row
  for (const { time, streamOffset, bytes } of pages.pieces(connection, sender, wireOffset, wireOffset + wireLength)) {
    const last = arrivals.at(-1)
    if (last && last.time === time && last.streamOffset + last.length === streamOffset) last.length += bytes.length
    else if (arrivals.length === ARRIVALS) break
    else arrivals.push({ time, streamOffset, length: bytes.length })
  }
  return arrivals
}

function contentTypeOf(row: Row, sample: Uint8Array): RowDetail['contentType'] {
  if (row.kind === 'ws-frame' && row.code === OPCODE.binary) return 'binary'
  if (sample.length === 0) return 'text'
  const text = validText(sample.length > SAMPLE ? withoutCutCharacter(sample.subarray(0, SAMPLE)) : sample)
  if (text === null) return 'binary'
  if (!/^\s*[[{"]/.test(text) && !/^\s*(-?\d|true|false|null)/.test(text)) return looksBinary(text) ? 'binary' : 'text'
  if (sample.length > SAMPLE) return /^\s*[[{]/.test(text) ? 'json' : 'text'
  try {
    JSON.parse(text)
    return 'json'
  } catch {
    return 'text'
  }
}

const looksBinary = (text: string): boolean => /[\u0000-\u0008\u000e-\u001f]/.test(text)

function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && bytes.length - end < 4 && (bytes[end - 1]! & 0xc0) === 0x80) end--
  return end > 0 && bytes[end - 1]! >= 0xc0 ? bytes.subarray(0, end - 1) : bytes
}
