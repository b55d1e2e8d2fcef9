/**
 * Servers that say exactly these bytes, made in the spec itself: on bare sockets, so that they can say what no library
 * would let them say.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

export interface RawServer {
  port: number
  /** Requests that came, head only, oldest first. */
  heads: string[]
  /** Everything that came after the head of the newest connection. */
  received(): Buffer
  close(): Promise<void>
}

/** Calls `answer` for each request head that has come whole. Binds 127.0.0.1 on a free port. */
export async function rawServer(answer: (socket: Socket, head: string) => void): Promise<RawServer> {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  let after = Buffer.alloc(0)
  const server = createServer((socket) => {
    sockets.add(socket)
    let head: string | null = ''
    after = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      if (head === null) {
        after = Buffer.concat([after, bytes]).subarray(-65_536)
        return
      }
      head += bytes.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      const whole = head
      head = null
      heads.push(whole)
      answer(socket, whole)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heads,
    received: () => after,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An answer with a Content-Length, as one string. */
export function httpAnswer(status: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) })
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** The 101 that this request asks for (RFC 6455 4.2.2), with more header lines when given (each with its CRLF). */
export function switching(head: string, more = ''): string {
  const key = /sec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n${more}\r\n`
  )
}

export const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n'
