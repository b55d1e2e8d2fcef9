/**
 * permessage-deflate's two halves (RFC 7692 7.2): raw DEFLATE over one side's messages, synchronous and streaming,
 * with or without context takeover, bounded in size and ratio. What was agreed is extensions.ts.
 *
 * Node's documented synchronous call (`inflateRawSync` with the last 32 KiB as `dictionary`) builds a new stream and
 * copies the window for each message: 127 µs for 1 KiB on the machine this was written on. Writing through the
 * stream's own handle, which keeps the window, takes 1.7 µs and can also stop early and follow a message in pieces.
 * The handle's `writeSync` is what Node's own `*Sync` functions call; it is not documented, so a test pins it.
 */
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { reserve, type Assembly } from './assembly.ts'

interface SyncStream {
  _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputAt: number,
      inputLength: number,
      output: Uint8Array,
      outputAt: number,
      outputLength: number,
    ): void
    reset(): void
    onerror: (message: string) => void
  }
  /** After a write: bytes of output still free, bytes of input not read. */
  _writeState: Uint32Array
  close(): void
}

/** What cuts the end of every message (RFC 7692 7.2.1) and is put back before inflating (7.2.2). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])
const ROOM = 1024
/** The streams' own output buffers are never used: as small as zlib allows. */
const UNUSED = constants.Z_MIN_CHUNK
/** The ratio is judged only from here on: small messages of one repeated byte are nothing to fear. */
const RATIO_FROM = 1024 * 1024

export type InflateStatus = 'ok' | 'corrupt' | 'limit'

export interface InflateLimits {
  /** Bytes one message may inflate to. */
  inflated: number
  /** How many times its compressed form a message may be, once past 1 MiB. */
  inflateRatio: number
}

export interface Inflater {
  /** Inflates a piece of a message to the end of `into`. */
  feed(bytes: Uint8Array, start: number, end: number, into: Assembly): InflateStatus
  /** The message is complete; the next `feed` begins another. */
  finish(into: Assembly): InflateStatus
  /** The message will not be finished. Its window is then lost; without context takeover that does no harm. */
  abandon(): void
  /** True when later messages cannot be read either, because the window is lost. */
  readonly broken: boolean
  dispose(): void
}

/** `windowBits`: what the sending side agreed to; `takeover`: its window goes on from message to message. */
export function createInflater(windowBits: number, takeover: boolean, limits: InflateLimits): Inflater {
  let stream: SyncStream | null = null
  let failed = false
  let broken = false
  /** Bytes of this message so far. */
  let read = 0
  let written = 0

  const open = (): SyncStream => {
    const opened = createInflateRaw({ windowBits, chunkSize: UNUSED }) as unknown as SyncStream
    opened._handle.onerror = () => {
      failed = true
    }
    return opened
  }

  const close = (): void => {
    stream?.close()
    stream = null
  }

  /** `tail`: the end of the message, which a final block makes superfluous. */
  const run = (bytes: Uint8Array, start: number, end: number, into: Assembly, tail: boolean): InflateStatus => {
    stream ??= open()
    const { _handle: handle, _writeState: state } = stream
    let fresh = false
    while (true) {
      reserve(into, Math.max(ROOM, Math.min((end - start) * 4, 65_536)))
      // One byte past the limit at most, so that the limit is met at the same byte however the input was cut.
      const room = Math.min(into.buffer.length - into.length, limits.inflated - written + 1)
      handle.writeSync(constants.Z_SYNC_FLUSH, bytes, start, end - start, into.buffer, into.length, room)
      if (failed) return 'corrupt'
      const made = room - state[0]!
      const left = state[1]!
      const used = end - start - left
      into.length += made
      written += made
      start = end - left
      if (written > limits.inflated) return 'limit'
      if (written > RATIO_FROM && written > (read + 4) * limits.inflateRatio) return 'limit'
      if (state[0] === 0) continue // the output was full: there may be more
      if (left === 0) return 'ok'
      // RFC 7692 7.2.3.4: a block with BFINAL ended the DEFLATE data; what follows, if anything, begins afresh.
      if (fresh && used === 0 && made === 0) return 'corrupt'
      handle.reset()
      if (tail && used === 0 && made === 0) return 'ok'
      fresh = true
    }
  }

  const fail = (status: InflateStatus): InflateStatus => {
    failed = false
    close()
    broken ||= takeover
    read = 0
    written = 0
    return status
  }

  return {
    feed(bytes, start, end, into) {
      if (broken) return 'corrupt'
      read += end - start
      const status = run(bytes, start, end, into, false)
      return status === 'ok' ? status : fail(status)
    },
    finish(into) {
      if (broken) return 'corrupt'
      const status = run(TAIL, 0, TAIL.length, into, true)
      if (status !== 'ok') return fail(status)
      if (!takeover) stream?._handle.reset() // RFC 7692 7.1.1
      read = 0
      written = 0
      return status
    },
    abandon: () => void fail('corrupt'),
    get broken() {
      return broken
    },
    dispose: close,
  }
}

export interface Deflater {
  /** One whole message as its frames carry it, without the tail. */
  deflate(payload: Uint8Array): Buffer
  dispose(): void
}

/** RFC 7692 7.2.3.6: the shortest form of an empty message. */
const EMPTY_MESSAGE = Buffer.from([0x00])

export function createDeflater(windowBits: number, takeover: boolean): Deflater {
  let stream: SyncStream | null = null

  const open = (): SyncStream => {
    // zlib writes no raw stream with a window of 8 bits. With 9 it never refers back further than
    // 512 - 262 = 250 bytes (its MIN_LOOKAHEAD), so a receiver with a window of 256 can read it.
    const opened = createDeflateRaw({ windowBits: Math.max(9, windowBits), chunkSize: UNUSED }) as unknown as SyncStream
    opened._handle.onerror = () => undefined
    return opened
  }

  return {
    deflate(payload) {
      if (payload.length === 0) return Buffer.from(EMPTY_MESSAGE)
      stream ??= open()
      const { _handle: handle, _writeState: state } = stream
      const into: Assembly = { buffer: Buffer.allocUnsafe((payload.length >>> 1) + 64), length: 0 }
      let start = 0
      while (true) {
        const room = into.buffer.length - into.length
        const rest = payload.length - start
        handle.writeSync(constants.Z_SYNC_FLUSH, payload, start, rest, into.buffer, into.length, room)
        into.length += room - state[0]!
        start = payload.length - state[1]!
        if (state[0] !== 0) break
        reserve(into, into.length)
      }
      if (!takeover) handle.reset() // RFC 7692 7.1.1
      return into.buffer.subarray(0, into.length - TAIL.length) // RFC 7692 7.2.1
    },
    dispose() {
      stream?.close()
      stream = null
    },
  }
}
