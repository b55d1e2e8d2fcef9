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

/** The declared payload length of the header at `at`, which must be complete. Above 2^53 it is not exact. */
export function payloadLength(bytes: Uint8Array, at: number): number {
  const length7 = bytes[at + 1]! & 127
  if (length7 < 126) return length7
  if (length7 === 126) return (bytes[at + 2]! << 8) | bytes[at + 3]!
  return uint32(bytes, at + 2) * 0x1_0000_0000 + uint32(bytes, at + 6)
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

/** How many bytes the frame takes. */
export function frameSize({ payload, key, form }: FrameOptions): number {
  const length = payload?.length ?? 0
  return length + 2 + LENGTH_BYTES[form ?? shortestForm(length)] + (key === undefined ? 0 : 4)
}

const LENGTH_BYTES = { 7: 0, 16: 2, 64: 8 } as const

const shortestForm = (length: number): 7 | 16 | 64 => (length < 126 ? 7 : length <= 0xffff ? 16 : 64)

/** One frame in one buffer of its own, the payload copied (and masked) into it. */
export function encodeFrame(options: FrameOptions): Buffer {
  const frame = Buffer.allocUnsafe(frameSize(options))
  writeFrame(options, frame, 0)
  return frame
}

/** The same into `target` from `at`, which must have room for `frameSize`. */
export function writeFrame(options: FrameOptions, target: Buffer, at: number): void {
  const { opcode, payload, fin = true, rsv = 0, key } = options
  const length = payload?.length ?? 0
  const form = options.form ?? shortestForm(length)
  const masked = key === undefined ? 0 : 128
  let start = at + 2
  target[at] = (fin ? 128 : 0) | ((rsv & 7) << 4) | (opcode & 15)
  if (form === 7) {
    target[at + 1] = masked | length
  } else if (form === 16) {
    target[at + 1] = masked | 126
    target[at + 2] = length >>> 8
    target[at + 3] = length
    start += 2
  } else {
    target[at + 1] = masked | 127
    target.writeUInt32BE(Math.floor(length / 0x1_0000_0000), at + 2)
    target.writeUInt32BE(length >>> 0, at + 6)
    start += 8
  }
  if (key !== undefined) {
    target.writeInt32LE(key | 0, start)
    start += 4
  }
  if (!payload || length === 0) return
  if (key === undefined) target.set(payload, start)
  else maskInto(payload, 0, length, key, target, start)
}
