/** Every reference server under abuse stays up, bounded, and serves the next client at once. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SERVERS, type ServerId } from '../../preload/contract/index.ts'
import { createHttpFront, text } from './http-reply.ts'
import { createServers } from './registry.ts'
import { openWire, startPaused } from './testing/wire.ts'

const IDLE = 1_000

const UPGRADE =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

const headOf = (id: ServerId): string => {
  const { path, scheme } = SERVERS[id]
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${scheme === 'ws' ? UPGRADE : ''}\r\n`
}

const EXPECTED = (id: ServerId): RegExp => (SERVERS[id].scheme === 'ws' ? /^HTTP\/1\.1 101 / : /^HTTP\/1\.1 20[04] /)

async function serves(id: ServerId, port: number): Promise<void> {
  const wire = openWire(port)
  // A poll that is held has no answer yet; the page always has.
  wire.write(id === 'long-polling' ? 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' : headOf(id))
  expect(await wire.until(/\r\n\r\n/)).toMatch(EXPECTED(id))
  wire.socket.destroy()
}

const quiet = (port: number): Socket => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

describe.each(Object.keys(SERVERS) as ServerId[])('%s', (id) => {
  const start = (): Promise<number> => {
    const server = createServers().get(id)!
    return startPaused(server)
  }

  test('a thousand connections that say nothing, or half a head', async () => {
    const port = await start()
    const sockets = Array.from({ length: IDLE }, () => quiet(port))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const [i, socket] of sockets.entries()) if (i % 2 === 0) socket.write(headOf(id).slice(0, i % 40))
    await serves(id, port)
  })

  test('a head byte by byte', async () => {
    const port = await start()
    const wire = openWire(port)
    wire.socket.setNoDelay(true)
    const head = id === 'long-polling' ? 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' : headOf(id)
    for (const byte of head) {
      await new Promise((resolve) => wire.socket.write(byte, resolve))
      await new Promise(setImmediate)
    }
    expect(await wire.until(/\r\n\r\n/)).toMatch(EXPECTED(id))
  })

  test('a head without end', async () => {
    const port = await start()
    const wire = openWire(port)
    wire.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(2_000_000)}`)
    expect(await wire.over).toMatch(/^HTTP\/1\.1 4\d\d /)
    await serves(id, port)
  })

  test('a client that closes its half at once, and one that resets in the middle', async () => {
    const port = await start()
    for (const head of ['', 'GET', headOf(id)]) {
      const half = quiet(port)
      half.end(head)
      const cut = quiet(port)
      await once(cut, 'connect')
      cut.write(head)
      cut.resetAndDestroy()
    }
    await serves(id, port)
  })
})

test('a head that dribbles and never ends is given up, also the second one of a connection', async () => {
  const front = createHttpFront('polling', ({ response }) => text(response, 200, 'here\n'), 60)
  const server = createServer((socket) => front.accept(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo

  const first = openWire(port)
  first.write('GET /clock HTTP/1.1\r\nX')
  expect(await first.over).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)

  const second = openWire(port)
  second.write('GET /clock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  await second.until('here')
  second.write('GET')
  expect(await second.over).toMatch(/here\nHTTP\/1\.1 408 /)
})
