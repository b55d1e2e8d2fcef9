/**
 * What a dissector writes to, and what a dissector is. Pure types: no sockets, no store, no clock.
 *
 * Positions are offsets in the byte stream of one connection and one sender, counted from its first byte.
 * The store keeps the stream; a row only says where its bytes lie. So a row may be larger than any page,
 * and bytes of a message that never ends are kept all the same.
 */
import type { DetailsByKind, FindingId } from '../../preload/contract/index.ts'

/** 0 client, 1 server (FROM in the contract); `local` never reaches a dissector. */
export type Sender = 0 | 1

/** Its functions feed no dissector: all dissectors share what they look into (sse/window.ts, websocket/text-check.ts). */
export interface RowSink {
  /**
   * Appends one row and returns its seq. `kind` and `flags` are numbers of the contract (KIND, FLAG);
   * `code` is the opcode, HTTP status or close code, else 0; `at` is µs since the capture started;
   * `wireOffset` and `wireLength` are bytes of the sender's stream; `payloadLength` is in bytes.
   */
  row(
    at: number,
    from: Sender,
    kind: number,
    flags: number,
    code: number,
    wireOffset: number,
    wireLength: number,
    payloadLength: number,
  ): number
  /** Details of the last row. Give the same object again for the same values: it is then stored once. */
  details(details: Partial<DetailsByKind[keyof DetailsByKind]>): void
  /** A finding on the last row; `note` adds the particulars: `got 0x7e`. */
  finding(id: FindingId, note?: string): void
  /** The last row's content when it cannot be read off its wire bytes (inflated, joined over chunks). Copied. */
  content(bytes: Uint8Array): void
}

/** Follows one connection in both directions from its first byte. Never throws on any bytes. */
export interface Dissector {
  /** `bytes` may be reused by the caller afterwards. `at`: µs since the capture started. */
  feed(from: Sender, bytes: Uint8Array, at: number): void
  /** The sender will send no more. `reset`: the system says that its connection broke. */
  end(from: Sender, at: number, reset?: boolean): void
}

/** A piece of an HTTP body after transfer and content coding are undone. */
export interface BodyPiece {
  bytes: Uint8Array
  at: number
  /** Where the piece lies on the wire. */
  wireOffset: number
  wireLength: number
  /** True when byte i of the piece is byte `wireOffset + i` of the stream, so rows can point at the wire. */
  direct: boolean
}

/** Reads the body of one answer: events, scripts. Never throws on any bytes. */
export interface BodyDissector {
  feed(piece: BodyPiece): void
  /** The body is complete (`cut` false) or the connection ended inside it. */
  end(at: number, cut: boolean): void
}
