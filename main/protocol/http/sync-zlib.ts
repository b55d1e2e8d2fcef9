/**
 * Inflates a stream piece by piece, at once and on this thread: bytes in, bytes out, before the call returns.
 *
 * node:zlib has no public function for that (Node 24): its streams answer later, `*Sync` wants the whole input,
 * and a stream's `_processChunk` without callback closes the stream behind the first piece. A dissector must
 * answer in order and hold no queue, so this calls the `writeSync` of the stream's native handle, which is what
 * `_processChunk` itself does. Where a later Node has no such handle, `createInflater` says null and the
 * body is shown as it came.
 */
import zlib, { constants } from 'node:zlib'
import { createByteBuffer } from './bytes.ts'

export type Coding = 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'zstd'

/** `more` is false: stop, the rest is not wanted. The piece is a view that the next call overwrites. */
export type Output = (piece: Uint8Array) => boolean

export interface Inflater {
  /** Null, or a few words of what went wrong. After that, `write` and `finish` do nothing. */
  write(bytes: Uint8Array, output: Output): string | null
  /** Says what is missing at the end of the input. */
  finish(output: Output): string | null
  close(): void
}

interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void
  onerror(message: string): void
}

interface NativeStream {
  _handle?: Handle
  /** What is left after a write: [room in the output, bytes of the input]. */
  _writeState?: Uint32Array
  close(): void
}

/** The stream's own output buffer is never used, so it is as small as zlib allows. */
const SMALL = { chunkSize: constants.Z_MIN_CHUNK }

const CREATE: Readonly<Record<Coding, () => unknown>> = {
  gzip: () => zlib.createGunzip(SMALL),
  deflate: () => zlib.createInflate(SMALL),
  'deflate-raw': () => zlib.createInflateRaw(SMALL),
  br: () => zlib.createBrotliDecompress(SMALL),
  // RFC 9659 3: a window of at most 8 MiB; more would let a few bytes make us hold 128 MiB
  zstd: () => zlib.createZstdDecompress({ ...SMALL, params: { [constants.ZSTD_d_windowLogMax]: 23 } }),
}

/** Output of all inflaters; they run one after another and hand on before the next write. */
const scratch = new Uint8Array(64 * 1024)

/**
 * Input of one native call. After an error the call's output is unknown, so this is what a corrupt byte can hide. Among
 * the first bytes of a body, which are all of most messages, it hides nothing: they are read again, one by one.
 */
const STEP = 2048

const NOTHING = new Uint8Array(0)

export function createInflater(coding: Coding): Inflater | null {
  const inner = openInflater(coding)
  if (inner === null) return null
  const head = createByteBuffer()
  let total = 0
  let given = 0

  const counted =
    (output: Output): Output =>
    (piece) => {
      given += piece.length
      return output(piece)
    }

  return {
    write(bytes, output) {
      total += bytes.length
      if (total <= STEP) head.append(bytes)
      else if (head.length > 0) head.take()
      const failed = inner.write(bytes, counted(output))
      if (failed !== null && total <= STEP) readAgain(coding, head.take(), given, output)
      return failed
    },
    finish: (output) => inner.finish(output),
    close: inner.close,
  }
}

/** Gives what `bytes` inflate to before their fault, without the first `skip` bytes of that. */
function readAgain(coding: Coding, bytes: Uint8Array, skip: number, output: Output): void {
  const again = openInflater(coding)
  let left = skip
  const rest: Output = (piece) => {
    const from = Math.min(left, piece.length)
    left -= from
    return from === piece.length || output(piece.subarray(from))
  }
  for (let at = 0; at < bytes.length; at += 1) {
    if (again?.write(bytes.subarray(at, at + 1), rest) !== null) break
  }
  again?.close()
}

function openInflater(coding: Coding): Inflater | null {
  const stream = CREATE[coding]() as NativeStream
  const { _handle: handle, _writeState: left } = stream
  if (typeof handle?.writeSync !== 'function' || left === undefined) return null

  const zlibLike = coding !== 'br' && coding !== 'zstd'
  const flush = zlibLike ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_PROCESS // both 0 in zstd's names too
  const finish = zlibLike ? constants.Z_FINISH : constants.BROTLI_OPERATION_FINISH
  /** RFC 8878 3: any number of frames, each of which ends the coder's turn. The members of gzip it joins itself. */
  const framed = coding === 'zstd'
  let open = true
  let failure: string | null = null
  let started = false
  handle.onerror = (message) => {
    failure = message
  }

  const close = (): void => {
    if (!open) return
    open = false
    stream.close()
  }

  const run = (mode: number, bytes: Uint8Array, output: Output): string | null => {
    let offset = 0
    let rest = bytes.length
    do {
      const before = rest
      handle.writeSync(mode, bytes, offset, rest, scratch, 0, scratch.length)
      if (failure !== null) {
        close()
        return failure
      }
      const [room = 0, unread = 0] = left
      offset += rest - unread
      rest = unread
      if (room < scratch.length && !output(scratch.subarray(0, scratch.length - room))) {
        close()
        return null
      }
      if (room === 0) continue
      // with room left the coder has said all it can: what it did not read lies behind its end
      if (rest === 0) return null
      if (!framed || unread === before) return 'bytes after the end of the coded data'
    } while (open)
    return null
  }

  return {
    write(bytes, output) {
      for (let at = 0; open && at < bytes.length; at += STEP) {
        started = true
        const failed = run(flush, bytes.subarray(at, at + STEP), output)
        if (failed !== null) {
          close()
          return failed
        }
      }
      return null
    },
    finish(output) {
      // an empty body has no coded data either (a 200 without a byte, say)
      const failed = open && started ? run(finish, NOTHING, output) : null
      close()
      return failed === null ? null : failed.replace('unexpected end of file', 'the coded data is cut off')
    },
    close,
  }
}
