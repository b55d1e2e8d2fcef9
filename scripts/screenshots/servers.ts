/** Endpoints for the screenshots: what the reference servers are too well behaved to show. Loopback, free ports. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

export interface Endpoint {
  port: number
  close(): Promise<void>
}

async function listen(server: Server): Promise<Endpoint> {
  const sockets = new Set<Duplex>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Says 401 to everything, with a body that tells what it wants. */
export function refusingServer(): Promise<Endpoint> {
  const refuse = { error: 'token expired', expired: '2026-11-20T15:59:58Z', renew: 'POST /v1/token' }
  const body = JSON.stringify(refuse)
  const head = [
    'HTTP/1.1 401 Unauthorized',
    'Content-Type: application/json',
    'WWW-Authenticate: Bearer realm="rooms", error="invalid_token"',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  const server = createServer((_request, response) => response.writeHead(401).end(body))
  server.on('upgrade', (_request, socket) => socket.end(`${head.join('\r\n')}\r\n\r\n${body}`))
  return listen(server)
}

const HISTORY = JSON.stringify({
  type: 'history',
  items: [
    { from: 'ada', text: 'good evening' },
    { from: 'lin', text: 'hi, is the feed up again?' },
    { from: 'ada', text: 'since four o’clock' },
  ],
})

/**
 * A chat room: a clock, an answer in fragments when somebody joins, pings, an echo, and, when it is asked to leave,
 * a text that is no UTF-8.
 */
export function roomServer(): Promise<Endpoint> {
  const server = createServer()
  const rooms = new WebSocketServer({ server, perMessageDeflate: false })
  rooms.on('connection', (socket) => {
    let seq = 410
    const tick = setInterval(() => socket.send(JSON.stringify({ seq: seq++, at: Date.now() })), 900)
    const ping = setInterval(() => socket.ping('keep'), 2_000)
    socket.on('close', () => [tick, ping].forEach(clearInterval))
    socket.on('error', () => undefined)
    socket.on('message', (data, isBinary) => answer(socket, data as Buffer, isBinary))
  })
  return listen(server)
}

function answer(socket: WebSocket, data: Buffer, isBinary: boolean): void {
  const text = data.toString()
  if (text.includes('"join"')) sendInParts(socket, HISTORY, 3)
  else if (text.includes('"leave"')) sendBadText(socket)
  else socket.send(data, { binary: isBinary })
}

/** RFC 6455 5.4: one message in several frames. */
function sendInParts(socket: WebSocket, text: string, parts: number): void {
  const size = Math.ceil(text.length / parts)
  for (let i = 0; i < parts; i++) socket.send(text.slice(i * size, (i + 1) * size), { fin: i === parts - 1 })
}

/** A text frame whose last byte begins a character that never ends. RFC 6455 8.1 */
function sendBadText(socket: WebSocket): void {
  const payload = Buffer.concat([Buffer.from('see you, caf'), Buffer.from([0xe9])])
  const { _socket: wire } = socket as unknown as { _socket: Duplex }
  wire.write(Buffer.concat([Buffer.from([0x81, payload.length]), payload]))
}
