/**
 * What a row is: the names of its columns' values, and the details that only some rows have.
 * A row is stored as columns (main/capture/page.ts); the objects below exist for visible rows only.
 */
import type { FindingId, Severity } from './findings/index.ts'
import type { Technique } from './techniques.ts'

/** Column `kind`: the index in this list is the stored number. Only ever append. */
export const KINDS = [
  'connect',
  'tls',
  'http-request',
  'http-response',
  'http-body',
  'ws-frame',
  'ws-message',
  'sse-event',
  'sse-comment',
  'sse-retry',
  'sse-id',
  'script-call',
  'poll',
  'reconnect',
  'close',
  'error',
  'api-event',
  'note',
] as const
export type Kind = (typeof KINDS)[number]

/** The stored numbers by name, for code that writes or scans columns. */
export const KIND = Object.freeze(Object.fromEntries(KINDS.map((kind, code) => [kind, code]))) as Readonly<
  Record<Kind, number>
>

/** Column `from`: who sent it. `local` is this program. Never "sent" or "received". */
export const FROMS = ['client', 'server', 'local'] as const
export type From = (typeof FROMS)[number]
export const FROM = Object.freeze({ client: 0, server: 1, local: 2 }) satisfies Readonly<Record<From, number>>

/** Column `flags`, bits. */
export const FLAG = Object.freeze({
  fin: 1,
  rsv1: 2,
  rsv2: 4,
  rsv3: 8,
  masked: 16,
  /** The payload went over the wire compressed; what it inflates to is kept beside it. */
  compressed: 32,
  /** The row's bytes are not all there: cut off by the peer or by a limit. */
  truncated: 64,
  /** The row has at least one finding of severity warning or fault. */
  finding: 128,
  /** An SSE block that the specification does not dispatch. */
  dropped: 256,
})

export interface Finding {
  id: FindingId
  severity: Severity
  /** One sentence. */
  message: string
  /** Section, for people: `RFC 6455 5.5`. */
  spec: string
  /** Where that section can be read; empty when there is no public text. */
  link: string
}

export type Header = readonly [name: string, value: string]

export interface RequestHead {
  method: string
  target: string
  version: string
  headers: Header[]
}

export interface ResponseHead {
  status: number
  reason: string
  version: string
  headers: Header[]
  /** The request it answers; null when none was seen. */
  requestSeq: number | null
}

/** What the details of each kind hold, as stored (JSON). Kinds not listed store none: all is in columns and bytes. */
export interface DetailsByKind {
  connect: { url?: string; technique?: Technique; remote: string; local: string; by: 'probe' | 'server' }
  tls: {
    protocol: string
    cipher: string
    servername: string
    alpn: string
    authorized: boolean
    authorizationError: string
    subject: string
    issuer: string
    validTo: string
  }
  'http-request': RequestHead
  'http-response': ResponseHead
  'http-body': {
    /** `chunked`, `length` or `close`: how the end of the body is known. */
    framing: 'chunked' | 'length' | 'close'
    /** Where the data begins in the row's bytes on the wire (behind the size line); absent: at 0. */
    dataAt?: number
    /** Chunk extension as it came, without the first semicolon. */
    extension?: string
    trailers?: Header[]
    /** `gzip`, `deflate`, `br`, `zstd`: the coding that was undone for the row's payload. */
    coding?: string
  }
  'ws-frame': { messageSeq?: number }
  'ws-message': { frames: number; firstSeq: number; compressedLength?: number }
  /** `id` is the last event ID when the block itself sets none; absent means `""`. */
  'sse-event': { id?: string }
  'script-call': {
    /** `unknown`: a script that is none of the three; `jsonp`: a script body of one call. */
    dialect: 'parent' | 'postmessage' | 'write' | 'jsonp' | 'unknown'
    /** What is called or set, as written: `parent.tick`, `document.body.innerHTML`. Empty when it is `unknown`. */
    call: string
    /** Where a property is set; absent for a call. */
    operator?: '=' | '+='
    /** Source text of the first argument, or of what is assigned. */
    argument: string
    /** The argument as JSON text, when it is a literal that can be read without running it. */
    value?: string
  }
  poll: {
    requestSeq: number
    responseSeq: number
    status: number
    /** µs between the last byte of the request and the first of the answer. */
    waited: number
    /** µs from the first byte of the request to the last of the answer. */
    took: number
    /** No news: 204, 304 or an empty body. */
    empty: boolean
    /** Heads of the request and of the answer. */
    headerBytes: number
    /** The answer's body without chunk lines, coded as it came. */
    bodyBytes: number
  }
  reconnect: { attempt: number; delay: number; lastEventId?: string; why: string }
  close: { code?: number; reason?: string; by: From; clean: boolean; how: string }
  error: { code: string; message: string; hint: string }
  'api-event': { api: 'fetch' | 'iframe' | 'EventSource' | 'WebSocket'; event: string; data?: string; text?: string }
  note: { text: string }
}

/** One line of the timeline, as the list shows it. */
export interface RowSummary {
  seq: number
  /** µs since the capture started. */
  time: number
  connection: number
  from: From
  kind: Kind
  /** The word of the kind column: `text`, `ping`, `cont. 2/3`, `event`, … */
  label: string
  /** One line, at most 300 characters, control characters shown as pictures. */
  summary: string
  /** Bytes on the wire; null where the row has none. */
  wireLength: number | null
  /** Bytes of payload; null where the row has none. */
  payloadLength: number | null
  /** The worst finding. */
  severity: Severity | null
  /** A short word for the tag behind the summary: the close code, `dropped`, …; empty when none. */
  tag: string
}

/** The fields of one WebSocket frame's header (RFC 6455 5.2), for the bit diagram. */
export interface FrameFields {
  fin: boolean
  rsv1: boolean
  rsv2: boolean
  rsv3: boolean
  opcode: number
  opcodeName: string
  masked: boolean
  /** The first length field: 0-125, 126 or 127. */
  length7: number
  lengthForm: 7 | 16 | 64
  /** Declared payload length in bytes; text because it may exceed 2^53. */
  length: string
  /** Eight hex digits; empty when not masked. */
  maskKey: string
  headerLength: number
  closeCode: number | null
  closeReason: string | null
  /** Payload as it went over the wire, at most the first 4 KiB, base64. */
  payloadMasked: string
  /** The same unmasked, base64. */
  payloadUnmasked: string
  compressed: boolean
  /** Bytes after inflating; null when not compressed or part of a fragmented message. */
  inflatedLength: number | null
  /** Null when not text; else the offset of the first bad byte, or -1 when valid. */
  utf8ErrorAt: number | null
}

export interface SseLine {
  /** The line as text, without its end. */
  text: string
  /** `CR`, `LF`, `CRLF`, or empty when it never ended. */
  end: 'CR' | 'LF' | 'CRLF' | ''
  field: string
  value: string
  /** What became of it: `data`, `event`, `id`, `retry`, `comment`, `blank`, `ignored`. */
  role: string
}

export interface SseFields {
  event: string
  data: string
  /** The id this block sets; null when it sets none. */
  id: string | null
  lastEventId: string
  retry: number | null
  dropped: boolean
  lines: SseLine[]
}

/** A piece of the network's own cutting that carries bytes of the row. */
export interface Arrival {
  time: number
  streamOffset: number
  length: number
}

/** All there is to say about one row. Bytes come separately, in ranges (`EngineApi.bytes`). */
export interface RowDetail extends RowSummary {
  /** ISO 8601 in UTC. */
  at: string
  flags: number
  code: number
  /** Where its first byte lies in the stream of its connection and sender; null without wire bytes. */
  streamOffset: number | null
  details: Partial<DetailsByKind[keyof DetailsByKind]> | null
  findings: Finding[]
  frame: FrameFields | null
  sse: SseFields | null
  arrivals: Arrival[]
  /** Sizes of what `bytes` can give. `content` is the payload unmasked, de-chunked and inflated. */
  sizes: { wire: number; payload: number; content: number }
  /** What the content is best shown as. */
  contentType: 'text' | 'json' | 'binary'
  /** Seqs that belong with this one: its request, answer, message, fragments, pong. */
  related: { label: string; seq: number; delta: number }[]
}

export interface AcceptSteps {
  key: string
  magic: string
  joined: string
  /** 40 hex digits. */
  sha1: string
  expected: string
  received: string
  matches: boolean
}

/** How a row's connection began, and the request and answer on it that the row belongs to. */
export interface Handshake {
  connection: number
  connect: DetailsByKind['connect'] | null
  tls: DetailsByKind['tls'] | null
  requestSeq: number | null
  request: RequestHead | null
  responseSeq: number | null
  response: ResponseHead | null
  /** Only where the request asks for a WebSocket. */
  accept: AcceptSteps | null
  findings: Finding[]
}
