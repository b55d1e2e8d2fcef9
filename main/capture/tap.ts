/**
 * Shows a connection's recorder every byte that crosses a socket, in order, both directions, and changes none.
 * No wrapper stream: one more 'data' listener for what is read, wrapped `write` and `end` for what is written.
 * On a TLSSocket it sees the plain bytes.
 *
 * When to call it: on a client before its first write; on a server's socket after its consumer was attached
 * (an http.Server must have seen 'connection' first: the prepended listener then also turns off the parser's
 * private path, on which bytes never show).
 */
import type { Socket } from 'node:net'
import { FROM } from '../../preload/contract/index.ts'
import type { Sender } from '../protocol/row-sink.ts'
import type { ConnectionRecorder } from './recorder.ts'

/** What is tapped of a connection's recorder. */
export type TapTarget = Pick<ConnectionRecorder, 'bytes' | 'end' | 'onHold'>

/** `side` is whose end of the connection the socket is: a client's socket reads what the server sent. */
export function tap(socket: Socket, target: TapTarget, side: 'client' | 'server'): void {
  const written: Sender = side === 'client' ? FROM.client : FROM.server
  const read: Sender = side === 'client' ? FROM.server : FROM.client

  seeReads(socket, (chunk) => target.bytes(read, chunk))
  wrapWrites(
    socket,
    (chunk) => target.bytes(written, chunk),
    () => target.end(written),
  )

  // Prepended: a consumer that answers the peer's end with its own must not be taken for the one that ended first.
  socket.prependOnceListener('end', () => target.end(read))
  socket.prependOnceListener('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall !== undefined) target.end(read, true) // a reset comes from the peer; other errors are ours
  })
  socket.prependOnceListener('close', () => {
    target.end(written)
    target.end(read)
  })
  target.onHold(createHold(socket))
}

/** Bytes that a consumer gives back with `unshift` (as `ws` does with what follows the 101) come by once more: not twice seen. */
function seeReads(socket: Socket, onBytes: (chunk: Uint8Array) => void): void {
  let seenBefore = 0
  const unshift = socket.unshift.bind(socket)
  socket.unshift = (chunk: Uint8Array, encoding?: BufferEncoding): void => {
    seenBefore += chunk.length
    unshift(chunk, encoding)
  }
  socket.prependListener('data', (chunk: Buffer) => {
    const again = Math.min(seenBefore, chunk.length)
    seenBefore -= again
    if (again < chunk.length) onBytes(chunk.subarray(again))
  })
}

/** `end(chunk)` does not go through `write` in Node's streams, so both are wrapped. */
function wrapWrites(socket: Socket, onBytes: (chunk: Uint8Array) => void, onEnd: () => void): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const end = socket.end.bind(socket) as (...args: unknown[]) => Socket
  const see = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') {
      onBytes(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'))
    } else if (chunk instanceof Uint8Array) {
      onBytes(chunk)
    }
  }
  socket.write = ((...args: unknown[]): boolean => {
    if (!socket.destroyed && !socket.writableEnded) see(args[0], args[1])
    return write(...args)
  }) as Socket['write']
  socket.end = ((...args: unknown[]): Socket => {
    const first = args[0]
    if (!socket.destroyed && !socket.writableEnded) {
      if (first !== undefined && first !== null && typeof first !== 'function') see(first, args[1])
      onEnd()
    }
    return end(...args)
  }) as Socket['end']
}

/**
 * Rests the socket while the disk falls behind, whoever drives it: a consumer that resumes it meanwhile is
 * remembered and not obeyed; one that reads on 'readable' gets nothing until the hold ends.
 */
function createHold(socket: Socket): (hold: boolean) => void {
  let held = false
  let flowWanted = false
  const resume = socket.resume.bind(socket)
  const pause = socket.pause.bind(socket)
  const read = socket.read.bind(socket)
  socket.resume = () => {
    if (!held) return resume()
    flowWanted = true
    return socket
  }
  socket.pause = () => {
    flowWanted = false
    return pause()
  }
  socket.read = (size?: number): unknown => (held ? null : read(size))

  return (hold) => {
    if (hold === held) return
    if (hold) {
      flowWanted = socket.readableFlowing === true
      held = true
      pause()
    } else {
      held = false
      if (flowWanted) resume()
      else if (socket.listenerCount('readable') > 0) socket.emit('readable')
    }
  }
}
