/**
 * The way into a capture: connections give it their bytes, it gives them to the store first and to the dissector next.
 * Knows no sockets (tap.ts brings them), no windows, no files (store.ts).
 */
import type { DetailsByKind, FindingId, Kind, Technique } from '../../preload/contract/index.ts'
import type { Sender } from '../protocol/row-sink.ts'

/** Rows that come from this program rather than from the wire. */
export type LocalKind = Extract<Kind, 'connect' | 'tls' | 'reconnect' | 'close' | 'error' | 'api-event' | 'note'>

export interface LocalRow<K extends LocalKind = LocalKind> {
  kind: K
  details: DetailsByKind[K]
  findings?: { id: FindingId; note?: string }[]
  /** µs since the capture started; now when absent. */
  at?: number
}

export interface Recorder {
  /** µs since the capture started. Monotonic. */
  now(): number
  /** A new connection, numbered from 1. `technique` tells its dissector what to look for in bodies; null: look at the Content-Type. */
  connection(technique: Technique | null): ConnectionRecorder
  /** A row that belongs to no connection (number 0). */
  local<K extends LocalKind>(row: LocalRow<K>): void
}

export interface ConnectionRecorder {
  readonly number: number
  /** Bytes in the order they crossed the socket. Stored, then dissected. Copied, so the buffer may be reused. */
  bytes(from: Sender, chunk: Uint8Array): void
  /** The sender half-closed, or its connection broke (`reset`). Idempotent. */
  end(from: Sender, reset?: boolean): void
  local<K extends LocalKind>(row: LocalRow<K>): void
  /** The technique became known late (from the answer's head); only before the first body byte. */
  technique(technique: Technique): void
  /** Called with true when the disk falls behind and the socket should rest, with false when it may go on. */
  onHold(listener: (hold: boolean) => void): void
}
