/** Answers every message with itself, its type kept, without holding more than the peer is willing to read. */
import type { RawData, WebSocket } from 'ws'

/** Bytes not yet taken by the peer, past which reading rests, and below which it goes on. */
const HIGH = 16_777_216
const LOW = 1_048_576

export function echo(socket: WebSocket, wanted: () => boolean = () => true): void {
  const sent = (): void => {
    if (socket.isPaused && socket.bufferedAmount < LOW) socket.resume()
  }
  socket.on('message', (data: RawData, binary: boolean) => {
    if (!wanted()) return
    socket.send(data, { binary }, sent)
    if (socket.bufferedAmount > HIGH) socket.pause()
  })
}
