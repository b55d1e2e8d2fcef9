/**
 * The header of a WebSocket frame (RFC 6455 5.2), read and written. Knows no connection: whether a header may
 * stand where it stands is for dissector.ts (which tells) and endpoint.ts (which fails the connection).
 */
import { maskInto } from './mask.ts'

/** The longest header: two bytes, 64-bit length, masking key. */
export const MAX_HEADER = 14

/** How long the header is that begins with these two bytes. */
export function headerLength(second: number): number {
  const length7 = second & 127
  return 2 + (length7 === 126 ? 2 : length7 === 127 ? 8 : 0) + (second & 128 ? 4 : 0)
}

/** Below 2^63, where doubles are 1,024 apart. */
const LARGEST = 2 ** 63 - 1024

/**
 * The declared payload length of the header at `at`, which must be complete. Above 2^53 it is not
 * exact, but it is below 2^63 when the highest bit is not set.
 */
export function payloadLength(bytes: Uint8Array, at: number): number {
  const length7 = bytes[at + 1]! & 127
  if (length7 < 126) return length7
  if (length7 === 126) return (bytes[at + 2]! << 8) | bytes[at + 3]!
  const length = uint32(bytes, at + 2) * 0x1_0000_0000 + uint32(bytes, at + 6)
  return bytes[at + 2]! < 128 ? Math.min(length, LARGEST) : length
}

/** Whether the length is written shorter than it could be. RFC 6455 5.2 */
export const isShortest = (length7: number, length: number): boolean =>
  length7 < 126 || (length7 === 126 ? length > 125 : length > 0xffff)

export const uint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0

export interface FrameOptions {
  opcode: number
  payload?: Uint8Array
  /** Default true. */
  fin?: boolean
  /** RSV1-3 as bits 4, 2, 1. */
  rsv?: number
  /** The masking key as an int32 in memory order (mask.ts); absent: not masked. */
  key?: number
  /** A longer form than needed, to test others with. */
  form?: 7 | 16 | 64
}

/** One frame in one buffer of its own, the payload copied (and masked) into it. */
export function encodeFrame({ opcode, payload, fin = true, rsv = 0, key, form }: FrameOptions): Buffer {
  const length = payload?.length ?? 0
  const wide = form ?? (length < 126 ? 7 : length <= 0xffff ? 16 : 64)
  const start = 2 + (wide === 16 ? 2 : wide === 64 ? 8 : 0) + (key === undefined ? 0 : 4)
  const frame = Buffer.allocUnsafe(start + length)
  const masked = key === undefined ? 0 : 128
  frame[0] = (fin ? 128 : 0) | ((rsv & 7) << 4) | (opcode & 15)
  if (wide === 7) {
    frame[1] = masked | length
  } else if (wide === 16) {
    frame[1] = masked | 126
    frame[2] = length >>> 8
    frame[3] = length
  } else {
    frame[1] = masked | 127
    frame.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2)
    frame.writeUInt32BE(length >>> 0, 6)
  }
  if (key !== undefined) frame.writeInt32LE(key | 0, start - 4)
  if (!payload || length === 0) return frame
  if (key === undefined) frame.set(payload, start)
  else maskInto(payload, 0, length, key, frame, start)
  return frame
}
