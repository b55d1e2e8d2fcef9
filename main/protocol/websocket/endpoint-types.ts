/** What goes into and comes out of one end of a WebSocket (endpoint.ts). */
import type { FindingId, Limits } from '../../../preload/contract/index.ts'
import type { WebSocketAgreement } from './extensions.ts'

/** What an endpoint asks for and tells, in order. None may throw. */
export interface EndpointActions {
  /** Bytes for the peer; the buffer is handed over. */
  write(bytes: Uint8Array): void
  /** A whole message, inflated and checked; the buffer is handed over. Absent: messages are checked and let go. */
  message?(payload: Buffer, isText: boolean): void
  ping?(payload: Buffer): void
  pong?(payload: Buffer): void
  /** The peer's close frame came, and was valid (1005: no code). Unless we closed first, it was answered. */
  closed(code: number, reason: string): void
  /** The peer broke this rule: a close frame with this code was written and nothing more will be read. RFC 6455 7.1.7 */
  failed(code: number, rule: FindingId): void
  /** Nothing more will be written: end the TCP connection (a server at once, a client after the server did). */
  finish(): void
}

export interface EndpointOptions {
  role: 'client' | 'server'
  agreement: WebSocketAgreement
  limits: Limits
  actions: EndpointActions
  /** A fresh masking key (int32); needed by a client. RFC 6455 5.3 */
  maskKey?: () => number
  /** Answer pings by itself; default true. */
  autoPong?: boolean
}

export type EndpointState = 'open' | 'closing' | 'closed'

export interface Endpoint {
  /** `closing`: our close frame went out, the peer's is awaited; `closed`: nothing more will be read or written. */
  readonly state: EndpointState
  /** The bytes are not changed and not kept. */
  feed(bytes: Uint8Array): void
  /** These do nothing and answer false once a close frame went out. Messages are compressed when agreed on. */
  sendText(text: string): boolean
  sendMessage(payload: Uint8Array, isText: boolean): boolean
  ping(payload: Uint8Array): boolean
  pong(payload: Uint8Array): boolean
  /** `code` null: without a body. */
  close(code: number | null, reason?: string): boolean
  /** Frees what compression holds; call it when the socket is gone. */
  dispose(): void
}
