/**
 * The browser host's bridge: a WebSocket at /bridge that carries the contract. Refuses everyone but our own page.
 * What is said over it is main/engine/bridge.ts's business.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Channel } from '../engine/bridge.ts'
import { SUBPROTOCOL, hasToken, isOurHost, isOurOrigin } from './door.ts'
import { securityHeaders } from './security-headers.ts'

const MAX_MESSAGE = 128 * 1024 * 1024 // a payload of 64 MiB to send, in base64, with room

export interface BridgeOptions {
  token: string
  port(): number
  /** A window came; serve it. */
  onWindow(channel: Channel): void
  /** How many windows there are now. */
  onCount(count: number): void
}

export interface Bridge {
  /** For the HTTP server's 'upgrade' event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function createBridge({ token, port, onWindow, onCount }: BridgeOptions): Bridge {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  })

  const refusal = ({ url, headers }: IncomingMessage): number | null => {
    if (!isOurHost(headers.host, port())) return 403
    if (!isOurOrigin(headers.origin, headers.host)) return 403
    if (url !== '/bridge') return 404
    return hasToken(headers['sec-websocket-protocol'], token) ? null : 401
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      const status = refusal(request)
      if (status !== null) return refuse(socket, status)
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const tell = (): void => onCount(server.clients.size)
        webSocket.on('close', tell)
        onWindow(channelOf(webSocket))
        tell()
      })
    },
    close() {
      for (const webSocket of server.clients) webSocket.terminate()
      server.close()
    },
  }
}

function channelOf(webSocket: WebSocket): Channel {
  webSocket.on('error', () => webSocket.terminate())
  return {
    send(text) {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(text)
    },
    onMessage: (listener) =>
      webSocket.on('message', (data, isBinary) => {
        if (isBinary) webSocket.close(1003)
        else listener((data as Buffer).toString('utf8'))
      }),
    onClose: (listener) => webSocket.on('close', listener),
  }
}

function refuse(socket: Duplex, status: number): void {
  const headers = Object.entries({ ...securityHeaders('none'), connection: 'close', 'content-length': '0' })
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n`)
}
