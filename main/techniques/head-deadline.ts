/**
 * Bounds the time that a client may take for a request's head on sockets that an http.Server gets by hand: the server
 * checks such times only for sockets that it accepted itself.
 */
import type { Socket } from 'node:net'

/** ms for the whole head, as the raw WebSocket server gives. */
export const HEAD_TIME = 30_000

const ANSWER = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export interface HeadDeadline {
  /** A head is due on this socket. */
  due(socket: Socket): void
  /** It is there. */
  came(socket: Socket): void
}

export function createHeadDeadline(time = HEAD_TIME): HeadDeadline {
  const timers = new WeakMap<Socket, NodeJS.Timeout>()

  const came = (socket: Socket): void => clearTimeout(timers.get(socket))

  return {
    came,
    due(socket) {
      came(socket)
      if (socket.destroyed) return
      if (!timers.has(socket)) socket.once('close', () => came(socket))
      const giveUp = (): void => {
        if (socket.writable) socket.write(ANSWER)
        socket.destroySoon()
      }
      timers.set(socket, setTimeout(giveUp, time).unref())
    },
  }
}
