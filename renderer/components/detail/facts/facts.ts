/** The rows that are no bytes on the wire, or pieces of something larger: a sentence and its values. Pure. */
import {
  CLOSE_CODES,
  closeCodeName,
  maskHeader,
  maskText,
  type Kind,
  type RowDetail,
} from '../../../../preload/contract/index.ts'
import { formatBytes, formatCount, formatDuration, significant } from '../../../format/index.ts'
import { detailsOf } from '../details-of.ts'
import { connectFacts, tlsFacts } from '../handshake/connection-facts.ts'
import type { Fact } from '../parts/fact.ts'

export interface RowWords {
  sentence: string
  facts: Fact[]
}

const words = (value: string): { value: string; look: 'words' } => ({ value, look: 'words' })

const WRITERS: Partial<Record<Kind, (detail: RowDetail) => RowWords | null>> = {
  connect(detail) {
    const connect = detailsOf(detail, 'connect')
    return (
      connect && { sentence: 'The TCP connection stands; nothing has been said yet.', facts: connectFacts(connect) }
    )
  },
  tls(detail) {
    const tls = detailsOf(detail, 'tls')
    return (
      tls && {
        sentence: 'The connection is encrypted from here on; the bytes shown are those inside the encryption.',
        facts: tlsFacts(tls),
      }
    )
  },
  reconnect(detail) {
    const reconnect = detailsOf(detail, 'reconnect')
    if (!reconnect) return null
    return {
      sentence: `Attempt ${formatCount(reconnect.attempt)} to connect again, after a wait of ${formatDuration(reconnect.delay * 1000)}.`,
      facts: [
        { label: 'why', ...words(maskText(reconnect.why)) },
        { label: 'attempt', value: formatCount(reconnect.attempt) },
        { label: 'waited', value: formatDuration(reconnect.delay * 1000) },
        ...(reconnect.lastEventId !== undefined
          ? [
              {
                label: 'Last-Event-ID',
                value: reconnect.lastEventId || '(empty)',
                note: 'Sent along, so that the server can replay what was missed.',
              },
            ]
          : []),
      ],
    }
  },
  close(detail) {
    const close = detailsOf(detail, 'close')
    if (!close) return null
    const who = { client: 'The client', server: 'The server', local: 'This program' }[close.by]
    const meaning = close.code === undefined ? '' : (CLOSE_CODES[close.code]?.meaning ?? '')
    return {
      sentence: close.clean ? `${who} ended the connection, cleanly.` : `${who} ended the connection, not cleanly.`,
      facts: [
        { label: 'how', ...words(close.how) },
        { label: 'ended by', ...words(close.by), tone: close.by },
        close.clean ? { label: 'clean', ...words('yes') } : { label: 'clean', ...words('no'), tone: 'warn' as const },
        ...(close.code !== undefined
          ? [
              {
                label: 'code',
                value: `${close.code} ${closeCodeName(close.code)}`,
                ...(meaning ? { note: meaning } : {}),
              },
            ]
          : []),
        ...(close.reason ? [{ label: 'reason', value: close.reason }] : []),
      ],
    }
  },
  error(detail) {
    const error = detailsOf(detail, 'error')
    return (
      error && {
        sentence: maskText(error.message),
        facts: [
          ...(error.hint ? [{ label: 'try', ...words(maskText(error.hint)) }] : []),
          { label: 'code', value: error.code },
        ],
      }
    )
  },
  'api-event'(detail) {
    const event = detailsOf(detail, 'api-event')
    if (!event) return null
    return {
      sentence: `What the browser’s own ${event.api} told the page: compare it with the rows around it, which were on the wire.`,
      facts: [
        { label: 'API', value: event.api },
        { label: 'event', value: event.event },
        ...(event.text ? [{ label: 'said', value: maskText(event.text) }] : []),
        ...(event.data !== undefined ? [{ label: 'data', value: event.data || '(empty)' }] : []),
      ],
    }
  },
  note(detail) {
    const note = detailsOf(detail, 'note')
    return note && { sentence: maskText(note.text), facts: [] }
  },
  'http-body'(detail) {
    const body = detailsOf(detail, 'http-body')
    if (!body) return null
    return {
      sentence: FRAMINGS[body.framing],
      facts: [
        { label: 'on the wire', value: formatBytes(detail.sizes.wire) },
        { label: 'body bytes', value: formatBytes(detail.sizes.payload) },
        ...(body.coding
          ? [{ label: 'coding', value: `${body.coding}, undone: ${formatBytes(detail.sizes.content)}` }]
          : []),
        ...(body.extension ? [{ label: 'chunk extension', value: body.extension }] : []),
        ...(body.trailers ?? []).map(([name, value]) => ({
          label: 'trailer',
          value: `${name}: ${maskHeader(name, value)}`,
        })),
      ],
    }
  },
  'ws-message'(detail) {
    const message = detailsOf(detail, 'ws-message')
    if (!message) return null
    const inflated = detail.sizes.content
    const compressed = message.compressedLength
    return {
      sentence:
        message.frames === 1
          ? 'A whole message in one frame.'
          : `A message put together from ${formatCount(message.frames)} frames.`,
      facts: [
        { label: 'frames', value: formatCount(message.frames) },
        { label: 'first frame', value: `#${message.firstSeq}`, seq: message.firstSeq },
        { label: 'message', value: formatBytes(inflated) },
        ...(compressed !== undefined
          ? [
              {
                label: 'compressed',
                value: `${formatBytes(compressed)}${compressed > 0 ? ` · ${significant(inflated / compressed)} to 1` : ''}`,
              },
            ]
          : [{ label: 'compressed', ...words('no') }]),
      ],
    }
  },
}

const FRAMINGS = {
  chunked: 'One chunk of the body: the sender says the size of each piece, and a piece of size 0 ends it.',
  length: 'A piece of a body whose length the head announced.',
  close: 'A piece of a body that ends when the connection does.',
} as const

export function rowWords(detail: RowDetail): RowWords {
  return (
    WRITERS[detail.kind]?.(detail) ?? {
      sentence: detail.summary || 'There is no more to say about this row.',
      facts: [],
    }
  )
}
