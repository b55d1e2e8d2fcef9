/**
 * The writing half of an endpoint: frames of one role, masked, compressed and gathered. Judges nothing.
 * Frames written while the endpoint reads a chunk leave in one piece: a write to a socket costs more than copying.
 */
import { createDeflater, type Deflater } from './deflate.ts'
import type { DeflateParameters } from './extensions.ts'
import { encodeFrame } from './frame.ts'

export interface Sender {
  /** One unfragmented frame; `rsv` as bits 4, 2, 1. */
  frame(opcode: number, payload: Uint8Array, rsv?: number): void
  /** A whole message, compressed when that was agreed on. */
  message(opcode: number, payload: Uint8Array): void
  /** Until `release`, frames are gathered. */
  hold(): void
  release(): void
  dispose(): void
}

export interface SenderOptions {
  role: 'client' | 'server'
  deflate: DeflateParameters | null
  /** int32; asked for each frame of a client. */
  maskKey: () => number
  write(bytes: Uint8Array): void
}

/** Bytes gathered at most; a larger frame is written by itself. */
const GATHERED = 32 * 1024

export function createSender({ role, deflate, maskKey, write }: SenderOptions): Sender {
  const isClient = role === 'client'
  let frames: Buffer[] = []
  let gathered = 0
  let deflater: Deflater | null = null
  let held = false

  const flush = (): void => {
    if (frames.length === 0) return
    const all = frames.length === 1 ? frames[0]! : Buffer.concat(frames, gathered)
    frames = []
    gathered = 0
    write(all)
  }

  const frame = (opcode: number, payload: Uint8Array, rsv = 0): void => {
    const encoded = encodeFrame(isClient ? { opcode, payload, rsv, key: maskKey() } : { opcode, payload, rsv })
    if (gathered + encoded.length > GATHERED) flush()
    frames.push(encoded)
    gathered += encoded.length
    if (!held || gathered > GATHERED) flush()
  }

  return {
    frame,
    message(opcode, payload) {
      if (!deflate) return frame(opcode, payload)
      deflater ??= isClient
        ? createDeflater(deflate.clientMaxWindowBits, !deflate.clientNoContextTakeover)
        : createDeflater(deflate.serverMaxWindowBits, !deflate.serverNoContextTakeover)
      frame(opcode, deflater.deflate(payload), 4) // RFC 7692 7.2.1: RSV1
    },
    hold() {
      held = true
    },
    release() {
      held = false
      flush()
    },
    dispose() {
      deflater?.dispose()
      deflater = null
    },
  }
}
