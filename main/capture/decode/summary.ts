/**
 * A row as the list shows it: the word of its kind, one line of what is in it, a tag when something is wrong. Secrets
 * of heads and URLs are hidden; the detail shows them when asked.
 */
import {
  FLAG,
  closeCodeName,
  maskHeader,
  maskTarget,
  maskText,
  opcodeName,
  OPCODE,
  type FindingId,
  type RowSummary,
} from '../../../preload/contract/index.ts'
import { readSseBlock } from '../../protocol/sse/decode.ts'
import type { Pages } from '../pages.ts'
import { contentOf, lineValue, sourceOf, storedContent } from './content.ts'
import { isFragment, pingOf } from './related.ts'
import { detailsOf, findingsOf, hasPayload, hasWire, worst, type Row } from './row.ts'
import { duration, PREVIEW_BYTES, previewHex, previewText, validText, visible } from './visible.ts'
import { firstFragmentOf, fragmentsOf, rowOf, type Fragments } from './walk.ts'

/** Remembers fragment runs over the rows of one call, so that a long message is walked once. */
export interface SummaryContext {
  pages: Pages
  fragments: Fragments | null
}

export const createSummaryContext = (pages: Pages): SummaryContext => ({ pages, fragments: null })

export function summarize(context: SummaryContext, row: Row): RowSummary {
  const finding = worst(findingsOf(row))
  return {
    seq: row.seq,
    time: row.time,
    connection: row.connection,
    from: row.from,
    kind: row.kind,
    label: labelOf(context, row),
    summary: visible(textOf(context.pages, row)),
    wireLength: hasWire(row) ? row.wireLength : null,
    payloadLength: hasPayload(row) ? payloadLengthOf(row) : null,
    severity: finding?.severity ?? null,
    tag: visible(tagOf(row, finding?.id ?? null), 40),
  }
}

/** Payload bytes as the application counts them. */
export const payloadLengthOf = (row: Row): number =>
  row.kind === 'poll' ? (detailsOf(row, 'poll').bodyBytes ?? row.payloadLength) : row.payloadLength

function labelOf(context: SummaryContext, row: Row): string {
  switch (row.kind) {
    case 'ws-frame':
      return frameLabel(context, row)
    case 'ws-message':
      return 'message'
    case 'http-request':
      return 'request'
    case 'http-response':
      return 'response'
    case 'http-body':
      return detailsOf(row, 'http-body').framing === 'chunked' ? 'chunk' : 'body'
    case 'sse-event':
      return 'event'
    case 'sse-comment':
      return 'comment'
    case 'sse-retry':
      return 'retry'
    case 'sse-id':
      return 'id'
    case 'script-call':
      return 'script'
    default:
      return row.kind
  }
}

/** `text`, `ping`, `text ⟨1/3`, `cont. 2/3`, `cont. 3/3⟩` */
function frameLabel(context: SummaryContext, row: Row): string {
  if (!isFragment(row)) return opcodeName(row.code)
  const word = row.code === OPCODE.continuation ? 'cont.' : opcodeName(row.code)
  // The run of the same message serves even where it ends, out of reach, before this row: it would be no longer.
  if (context.fragments?.frames[0] !== firstFragmentOf(row)) context.fragments = fragmentsOf(context.pages, row)
  const run = context.fragments
  const at = run ? position(run.frames, row.seq) : -1
  const start = at === 0 || row.code !== OPCODE.continuation ? ' ⟨' : ' '
  if (!run?.complete || at < 0) return (word + start).trimEnd()
  return `${word}${start}${at + 1}/${run.frames.length}${at === run.frames.length - 1 ? '⟩' : ''}`
}

/** Index of `seq` in a sorted list; -1 when absent. */
function position(seqs: readonly number[], seq: number): number {
  let low = 0
  let high = seqs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (seqs[middle]! < seq) low = middle + 1
    else high = middle
  }
  return seqs[low] === seq ? low : -1
}

const bytes = (count: number): string => `${count.toLocaleString('en-US')} B`
const join = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ')

/** The line before it is made fit to show. */
function textOf(pages: Pages, row: Row): string {
  switch (row.kind) {
    case 'connect': {
      const { local, remote, by } = detailsOf(row, 'connect')
      return by === 'server' ? `${remote} → ${local}` : `${local} → ${remote}`
    }
    case 'tls': {
      const { protocol, cipher, servername, alpn, authorized, authorizationError } = detailsOf(row, 'tls')
      return join(protocol, cipher, alpn, servername, authorized === false && `not trusted: ${authorizationError}`)
    }
    case 'http-request': {
      const { method = '', target = '', version = '' } = detailsOf(row, 'http-request')
      return `${method} ${maskTarget(target)} ${httpVersion(version)}`
    }
    case 'http-response': {
      const { status = row.code, reason = '' } = detailsOf(row, 'http-response')
      return `${status} ${reason}`
    }
    case 'http-body': {
      const { trailers, extension } = detailsOf(row, 'http-body')
      if (row.payloadLength === 0)
        return join(
          'end of the body',
          trailers && trailers.map(([name, value]) => `${name}: ${maskHeader(name, value)}`).join(', '),
        )
      return join(extension !== undefined && `;${extension}`, preview(pages, row))
    }
    case 'ws-frame':
      return frameText(pages, row)
    case 'ws-message': {
      const { frames, compressedLength } = detailsOf(row, 'ws-message')
      return join(
        frames !== undefined && `${frames} frames`,
        compressedLength !== undefined && `${bytes(compressedLength)} inflated to ${bytes(row.payloadLength)}`,
        row.code === OPCODE.text ? preview(pages, row) : previewBinary(pages, row),
      )
    }
    case 'sse-event': {
      const { event, id, data, lines } = readSseBlock(sourceOf(pages, row), '', false)
      if ((row.flags & FLAG.dropped) !== 0 && data === '')
        return lines
          .map(({ text }) => text)
          .join('\n')
          .trimEnd()
      return join(event !== 'message' && event, id !== null && `id ${id}`, data)
    }
    case 'sse-comment':
      return lineValue(pages, row).trimStart()
    case 'sse-retry':
      return `reconnect after ${lineValue(pages, row)} ms`
    case 'sse-id':
      return lineValue(pages, row)
    case 'script-call': {
      const { dialect, call = '', operator, argument = '', value } = detailsOf(row, 'script-call')
      if (dialect === 'unknown') return previewOf(sourceOf(pages, row))
      return operator ? `${call} ${operator} ${value ?? argument}` : `${call}(${value ?? argument})`
    }
    case 'poll': {
      const { status, empty, bodyBytes = 0, waited } = detailsOf(row, 'poll')
      const wait = waited !== undefined && `waited ${duration(waited)}`
      return empty ? join(`${status}`, 'no news', wait) : join(`${status}`, bytes(bodyBytes), wait)
    }
    case 'reconnect': {
      const { attempt, delay = 0, lastEventId, why } = detailsOf(row, 'reconnect')
      const waited = `attempt ${attempt}, waited ${delay.toLocaleString('en-US')} ms`
      return join(waited, lastEventId !== undefined && `Last-Event-ID ${lastEventId}`, why && maskText(why))
    }
    case 'close': {
      const { code, reason, by, clean, how } = detailsOf(row, 'close')
      const name = code !== undefined && `${code} ${closeCodeName(code)}`
      return join(name, reason && `"${reason}"`, by && `by ${by}`, clean === false && 'not clean', how)
    }
    case 'error': {
      const { message = '', hint } = detailsOf(row, 'error')
      return maskText(`${message} ${hint ?? ''}`.trim())
    }
    case 'api-event': {
      const { api, event, data, text } = detailsOf(row, 'api-event')
      return [`${api}.${event}`, text && maskText(text), data].filter(Boolean).join('  ')
    }
    case 'note':
      return maskText(detailsOf(row, 'note').text ?? '')
  }
}

const httpVersion = (version: string): string => (/^\d/.test(version) ? `HTTP/${version}` : version)

function frameText(pages: Pages, row: Row): string {
  const { code } = row
  if (code === OPCODE.close) return closeText(contentOf(pages, row, 0, PREVIEW_BYTES))
  if (code === OPCODE.ping) return quoted(pages, row)
  if (code === OPCODE.pong) {
    const ping = pingOf(pages, row)
    return [quoted(pages, row), ping && `rtt ${duration(row.time - ping.time)}`].filter(Boolean).join('  ')
  }
  const isCompressedPiece = (row.flags & FLAG.compressed) !== 0 && !storedContent(row)
  if (isCompressedPiece || code > OPCODE.binary || code === OPCODE.binary) return previewBinary(pages, row)
  if (code === OPCODE.continuation && !belongsToText(pages, row)) return previewBinary(pages, row)
  return preview(pages, row)
}

/** Whether a continuation frame continues a text. */
export function belongsToText(pages: Pages, row: Row): boolean {
  const { messageSeq } = detailsOf(row, 'ws-frame')
  const first = messageSeq === undefined ? null : rowOf(pages, messageSeq)
  return first?.kind === 'ws-frame' && first.code === OPCODE.text
}

/** `1007 invalid payload data`, with the reason when there is one. */
function closeText(payload: Uint8Array): string {
  if (payload.length < 2) return payload.length === 0 ? 'no code' : previewHex(payload, false)
  const code = (payload[0]! << 8) | payload[1]!
  const reason = previewText(payload.subarray(2), false)
  return join(`${code} ${closeCodeName(code)}`, reason !== '' && `"${reason}"`)
}

const quoted = (pages: Pages, row: Row): string => {
  const payload = contentOf(pages, row, 0, PREVIEW_BYTES)
  if (payload.length === 0) return ''
  const text = validText(payload)
  return text === null ? previewHex(payload, false) : `"${text}"`
}

function preview(pages: Pages, row: Row): string {
  return previewOf(contentOf(pages, row, 0, PREVIEW_BYTES + 1))
}

function previewBinary(pages: Pages, row: Row): string {
  const content = contentOf(pages, row, 0, PREVIEW_BYTES + 1)
  return previewHex(content, content.length > PREVIEW_BYTES)
}

const previewOf = (content: Uint8Array): string =>
  previewText(content.subarray(0, PREVIEW_BYTES), content.length > PREVIEW_BYTES)

const TAGS: Partial<Record<FindingId, string>> = {
  'ws-utf8': 'bad UTF-8',
  'sse-utf8': 'bad UTF-8',
  'ws-no-close': '1006',
  'ws-cut-frame': 'cut',
  'ws-rsv': 'RSV',
  'ws-lost': 'lost',
  'http-lost': 'lost',
  'capture-paused': 'paused',
  'capture-full': 'not stored',
}

/** `dropped`, a word for the worst finding, or the close code of a connection that ended. */
function tagOf(row: Row, finding: FindingId | null): string {
  if ((row.flags & FLAG.dropped) !== 0) return 'dropped'
  if (finding !== null) return TAGS[finding] ?? finding.slice(finding.indexOf('-') + 1).replaceAll('-', ' ')
  return row.kind === 'close' && row.code > 0 ? String(row.code) : ''
}
