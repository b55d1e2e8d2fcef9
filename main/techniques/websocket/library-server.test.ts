/** The `ws` reference server, over real sockets. */
import { connect } from 'node:net'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import type { ReferenceServer } from '../technique.ts'
import { createMemoryRecorder } from '../testing/memory-recorder.ts'
import { createLibraryWebSocketServer } from './library-server.ts'

let server: ReferenceServer
let base = ''

beforeEach(async () => {
  server = createLibraryWebSocketServer()
  base = (await server.start(0)).url
  return async () => {
    await server.stop()
  }
})

interface Client {
  socket: WebSocket
  messages: string[]
  /** Resolves with the first `count` messages. */
  take(count: number): Promise<string[]>
}

async function open(query: string, protocols: string[] = [], options: ClientOptions = {}): Promise<Client> {
  const socket = new WebSocket(base + query, protocols, options)
  const messages: string[] = []
  let look: () => void = () => undefined
  socket.on('message', (data, binary) => {
    messages.push(`${binary ? 'binary' : 'text'} ${String(data)}`)
    look()
  })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    socket,
    messages,
    take: (count) =>
      new Promise((resolve) => {
        look = () => messages.length >= count && resolve(messages.slice(0, count))
        look()
      }),
  }
}

/** Sends bytes and resolves with all that comes back until the end. */
const raw = (head: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(server.state().port, '127.0.0.1', () => socket.write(head))
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
  })

describe('echo', () => {
  it('gives messages back with their type, fragments put together', async () => {
    const { socket, take } = await open('?clock=0')
    socket.send('text ü')
    socket.send(Buffer.from('bytes'))
    socket.send('in ', { fin: false })
    socket.send('parts', { fin: true })
    expect(await take(3)).toEqual(['text text ü', 'binary bytes', 'text in parts'])
  })

  it('gives a large message back whole', async () => {
    const { socket, take } = await open('?clock=0')
    const text = 'x'.repeat(5_000_000)
    socket.send(text)
    expect((await take(1))[0]).toHaveLength(text.length + 5)
  })

  it('is switched off by ?echo=0 and by its control', async () => {
    const quiet = await open('?clock=0&echo=0')
    const other = await open('?clock=0')
    quiet.socket.send('a')
    quiet.socket.ping()
    await new Promise((resolve) => quiet.socket.once('pong', resolve)) // it has read the message by then
    server.control({ echo: false })
    other.socket.send('b')
    other.socket.ping()
    await new Promise((resolve) => other.socket.once('pong', resolve))
    expect([...quiet.messages, ...other.messages]).toEqual([])
  })
})

describe('the clock', () => {
  it('is pushed to everyone, as JSON with a sequence number and a time', async () => {
    const one = await open('')
    const two = await open('?clock=0')
    server.act('push')
    const [tick = ''] = await one.take(1)
    expect(JSON.parse(tick.slice(5))).toEqual({ seq: expect.any(Number) as number, at: expect.any(Number) as number })
    expect(two.messages).toEqual([])
  })

  it('has its own pace and numbers with ?interval=', async () => {
    const { take } = await open('?interval=5')
    const ticks = (await take(3)).map((text) => (JSON.parse(text.slice(5)) as { seq: number }).seq)
    expect(ticks).toEqual([1, 2, 3])
  })
})

it('pings as often as its control says', async () => {
  const { socket } = await open('?clock=0')
  server.control({ pingInterval: 10 })
  await new Promise((resolve) => socket.once('ping', resolve))
})

it.each([
  [['nope', 'echo', 'clock.v1'], 'echo'],
  [['clock.v1'], 'clock.v1'],
])('of the subprotocols %j it chooses %s', async (offered, chosen) => {
  const { socket } = await open('', offered)
  expect(socket.protocol).toBe(chosen)
})

it('compresses when it may: its control says so, ?compression=0 says no', async () => {
  expect((await open('')).socket.extensions).toBe('permessage-deflate')
  expect((await open('?compression=0')).socket.extensions).toBe('')
  expect((await open('', [], { perMessageDeflate: false })).socket.extensions).toBe('')
  server.control({ compression: false })
  expect((await open('')).socket.extensions).toBe('')
  expect((await open('?compression=1')).socket.extensions).toBe('permessage-deflate')
})

describe('a foreign Host', () => {
  const handshake =
    'Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n'
  it.each(['evil.example', '127.0.0.1.evil.example:8004', ''])('"%s" gets neither handshake nor page', async (host) => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\n${handshake}\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
    expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
  })
})

it.each([
  ['https://evil.example', 403],
  ['http://127.0.0.1.evil.example', 403],
  ['http://127.0.0.1:8000', 101],
  ['app://pushscope', 101],
  ['null', 101],
])('a page of %s gets %i', async (origin, status) => {
  const socket = new WebSocket(server.state().url, { origin })
  const answered = await new Promise((resolve) => {
    socket.on('error', () => undefined) // ending it before it is open is one
    socket.on('upgrade', (response) => resolve(response.statusCode))
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
  })
  socket.terminate()
  expect(answered).toBe(status)
})

it('has a page at / and nothing elsewhere', async () => {
  const page = await fetch(server.state().page)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await page.text()).toContain('<!doctype html>')
  expect((await fetch(`${server.state().page}other`)).status).toBe(404)
  const wrongMethod = await fetch(server.state().page, { method: 'POST' })
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

it('has its WebSocket at / and nothing elsewhere', async () => {
  const socket = new WebSocket(`${server.state().url}other`)
  const status = await new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
  })
  socket.terminate()
  expect(status).toBe(404)
})

it('a door records what comes through it, both ways', async () => {
  const recorder = createMemoryRecorder()
  const door = await server.openDoor(recorder)
  base = door.url
  const { socket, take } = await open('?clock=0', [], { perMessageDeflate: false })
  socket.send('hello')
  await take(1)
  expect(recorder.connections[0]?.client.toString('latin1')).toMatch(/^GET \/\?clock=0 HTTP\/1\.1\r\n/)
  expect(recorder.connections[0]?.server.subarray(-7).toString('latin1')).toBe('\x81\x05hello')
  await door.close()
})

it('drop ends every connection at once', async () => {
  const { socket } = await open('?clock=0')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  server.act('drop')
  expect(await closed).toBe(1_006)
})
