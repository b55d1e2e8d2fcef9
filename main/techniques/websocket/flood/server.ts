/**
 * The flood of the bench, as its own process: answers each handshake and sends as many text messages of 64 bytes as
 * the path says (`/1000`, at most COUNT) as fast as the socket takes them, each with its sequence number inside, then
 * a close frame. Frames are made ahead, so that the server is never what is measured.
 *
 *   node server.ts COUNT   prints its port
 */
import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'

const count = Number(process.argv[2])
const PAYLOAD = 64
const FRAME = PAYLOAD + 2
const CHUNK = 65_536

const CLOSE = Buffer.from([0x88, 0x02, 0x03, 0xe8]) // 1000

const flood = Buffer.alloc(count * FRAME)
for (let seq = 1; seq <= count; seq++) {
  const at = (seq - 1) * FRAME
  flood[at] = 0x81
  flood[at + 1] = PAYLOAD
  flood.write(`{"seq":${seq},"pad":"`.padEnd(PAYLOAD - 2, 'x') + '"}', at + 2, 'latin1')
}

function send(socket: Socket, length: number, offset = 0): void {
  while (offset < length) {
    const end = Math.min(offset + CHUNK, length)
    const more = socket.write(flood.subarray(offset, end))
    offset = end
    if (!more) {
      socket.once('drain', () => send(socket, length, offset))
      return
    }
  }
  socket.write(CLOSE)
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined)
  let head = ''
  const onHead = (chunk: Buffer): void => {
    head += chunk.toString('latin1')
    if (!head.includes('\r\n\r\n')) return
    socket.off('data', onHead)
    socket.on('data', () => socket.end()) // the answer to our close frame
    const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1] ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    send(socket, Math.min(count, Number(/^GET \/(\d+)/.exec(head)?.[1])) * FRAME)
  }
  socket.on('data', onHead)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
process.on('disconnect', () => process.exit(0))
