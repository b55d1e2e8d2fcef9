/**
 * A WebSocket server that floods: on the path `/N` it sends N text frames of 64 bytes as fast as the socket takes them,
 * each with its number inside, and ten more for every text that the client sends. With `?rate=R` the first text makes it
 * send R a second from then on. It answers a close frame.
 */
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { FLOOD_MORE, floodFrame } from './flood-frame.ts'
import { switching } from './raw.ts'

const AT_ONCE = 1_000 // frames
const STEP = 20 // ms between two portions of a rate

function send(socket: Socket, from: number, end: number): void {
  let at = from
  while (at < end) {
    const next = Math.min(at + AT_ONCE, end)
    const frames: Buffer[] = []
    for (; at < next; at++) frames.push(floodFrame(at))
    if (!socket.write(Buffer.concat(frames))) {
      socket.once('drain', () => send(socket, at, end))
      return
    }
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let head = ''
  let next = 0
  let rate = 0
  let stream: NodeJS.Timeout | undefined
  const more = (count: number): void => {
    send(socket, next, next + count)
    next += count
  }
  socket.on('close', () => clearInterval(stream))
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    if (next > 0) {
      if (bytes[0] === 0x88) return void socket.end(Buffer.from([0x88, 2, 0x03, 0xe8])) // close, 1000
      if (bytes[0] !== 0x81) return
      if (rate === 0) more(FLOOD_MORE)
      else stream ??= setInterval(more, STEP, Math.round((rate * STEP) / 1_000))
      return
    }
    head += bytes.toString('latin1')
    if (!head.includes('\r\n\r\n')) return
    const count = Number(/^GET \/(\d+)/.exec(head)?.[1] ?? 0)
    rate = Number(/^GET \/\d+\?rate=(\d+)/.exec(head)?.[1] ?? 0)
    socket.write(switching(head))
    send(socket, 1, count + 1)
    next = count + 1
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
