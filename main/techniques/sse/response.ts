/**
 * An answer in the shape that the `eventsource` package reads: status, headers, and a body to be read in pieces.
 * Content codings are undone here, because the package reads text. Sends nothing.
 */
import type { Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { FetchLikeResponse, ReaderLike } from 'eventsource'
import { headerOf, mediaType } from '../headers.ts'
import type { AnswerHead } from '../transport.ts'

type Read = Awaited<ReturnType<ReaderLike['read']>>

/** A body that is written on one side and read on the other. */
export interface Pipe {
  write(chunk: Uint8Array): void
  end(): void
  fail(error: Error): void
  reader: ReaderLike
}

export function createPipe(): Pipe {
  const queue: Uint8Array[] = []
  let waiting: { resolve(read: Read): void; reject(error: Error): void } | null = null
  let over: { error: Error | null } | null = null

  const settle = (): void => {
    if (!waiting) return
    const chunk = queue.shift()
    const { resolve, reject } = waiting
    if (!chunk && !over) return
    waiting = null
    if (chunk) resolve({ done: false, value: chunk })
    else if (over?.error) reject(over.error)
    else resolve({ done: true })
  }

  return {
    write(chunk) {
      if (over) return
      queue.push(chunk)
      settle()
    },
    end() {
      over ??= { error: null }
      settle()
    },
    fail(error) {
      over ??= { error }
      settle()
    },
    reader: {
      read: () =>
        new Promise((resolve, reject) => {
          waiting = { resolve, reject }
          settle()
        }),
      cancel: async () => {
        queue.length = 0
        over ??= { error: null }
      },
    },
  }
}

/** The pipe that takes coded bytes and gives plain ones into `pipe`; `pipe` itself when nothing is coded. */
export function decoded(pipe: Pipe, coding: string): Pipe {
  const stream = decoderOf(coding)
  if (!stream) return pipe
  stream.on('data', (chunk: Buffer) => pipe.write(chunk))
  stream.on('end', () => pipe.end())
  stream.on('error', (error) => pipe.fail(error))
  return {
    write: (chunk) => void stream.write(chunk),
    end: () => void stream.end(),
    fail: (error) => void stream.destroy(error),
    reader: pipe.reader,
  }
}

function decoderOf(coding: string): Transform | null {
  const flush = constants.Z_SYNC_FLUSH
  switch (coding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ flush, finishFlush: flush })
    case 'deflate':
      return createInflate({ flush, finishFlush: flush })
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })
    case 'zstd':
      return createZstdDecompress()
    default:
      return null
  }
}

export const responseOf = (head: AnswerHead, reader: ReaderLike | null): FetchLikeResponse => ({
  status: head.status,
  url: head.url.href,
  redirected: head.redirected,
  headers: {
    // the package knows one Content-Type where browsers choose among several
    get: (name) =>
      (/^content-type$/i.test(name) ? mediaType(head.headers) : headerOf(head.headers, name.toLowerCase())) || null,
  },
  body: reader && { getReader: () => reader },
})
