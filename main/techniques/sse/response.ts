/**
 * An answer in the shape that the `eventsource` package reads: status, headers, and a body to be read in pieces.
 * Content codings are undone here, because the package reads text. Sends nothing.
 */
import type { FetchLikeResponse, ReaderLike } from 'eventsource'
import { decoderOf } from '../coded.ts'
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

/**
 * The pipe that takes coded bytes and gives plain ones into `pipe`, each at once; `pipe` itself when nothing is coded.
 * `onFault` is told once, in a few words, why nothing more can come out. Data that is merely cut off is no fault here:
 * what came of it counts.
 */
export function decoded(pipe: Pipe, { headers }: AnswerHead, onFault: (why: string) => void): Pipe {
  const decoder = decoderOf(headers)
  if (decoder === null) return pipe
  const pass = (bytes: Uint8Array): void => {
    if (bytes.length > 0) pipe.write(bytes)
  }
  return {
    write(chunk) {
      pass(decoder.decode(chunk))
      const [fault] = decoder.takeFindings()
      if (fault) onFault(fault.note ?? '')
    },
    end() {
      pass(decoder.finish())
      pipe.end()
    },
    fail(error) {
      decoder.close()
      pipe.fail(error)
    },
    reader: pipe.reader,
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
