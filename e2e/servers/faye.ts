/**
 * A server on a library that Pushscope itself does not use: WebSocket and EventSource of faye-websocket. What it says
 * is fixed (SCRIPT), so that a spec can compute every byte of it.
 */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { SCRIPT } from './faye-script.ts'

interface FayeSocket {
  on(event: 'open' | 'close', listener: () => void): void
  on(event: 'message', listener: (event: { data: string | Buffer }) => void): void
  send(message: string | Buffer): void
  ping(message: string, answered: () => void): void
  close(code: number, reason: string): void
}

interface FayeEvents {
  lastEventId: string
  send(data: string, options?: { event?: string; id?: string }): void
  ping(): void
  close(): void
}

interface Faye {
  new (request: IncomingMessage, socket: Duplex, head: Buffer, protocols: readonly string[]): FayeSocket
  EventSource: new (request: IncomingMessage, response: ServerResponse, options: { retry: number }) => FayeEvents
}

const Faye = createRequire(import.meta.url)('faye-websocket') as Faye

const server = createServer((request, response) => {
  const events = new Faye.EventSource(request, response, { retry: SCRIPT.retry / 1_000 })
  if (events.lastEventId !== '') return events.send(`after ${events.lastEventId}`)
  events.send(SCRIPT.plain)
  events.ping()
  events.send(SCRIPT.named.lines.join('\n'), { event: SCRIPT.named.event, id: SCRIPT.named.id })
  events.close()
})

server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  const peer = new Faye(request, socket, head, [SCRIPT.subprotocol])
  peer.on('open', () => {
    peer.send(SCRIPT.text)
    peer.send(Buffer.from(SCRIPT.binary))
    peer.ping(SCRIPT.ping, () => peer.send(SCRIPT.long))
  })
  peer.on('message', ({ data }) => {
    if (data === SCRIPT.goodbye) peer.close(SCRIPT.close.code, SCRIPT.close.reason)
    else peer.send(data)
  })
})

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
