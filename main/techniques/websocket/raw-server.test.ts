/** The raw server over real sockets: handshakes good and bad, the frame cases, and clients that misbehave. */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { encodeFrame, type FrameOptions } from '../../protocol/websocket/frame.ts'
import { describeFrame, splitFrames } from '../../protocol/websocket/testing/talk.ts'
import { createRawServer } from './raw-server.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const server = createRawServer({ head: 300, close: 300 })
let port = 0
beforeAll(async () => {
  port = (await server.start(0)).port
  server.control({ clock: false, pingInterval: 0 })
})
afterAll(() => server.stop())

interface Client {
  socket: Socket
  /** All bytes so far. */
  bytes(): Buffer
  /** The head of the answer, once it is complete. */
  head(): Promise<string>
  /** Frames behind the head, once there are so many. */
  frames(count: number): Promise<string[]>
  /** Everything, once the server ended its side. */
  ended(): Promise<Buffer>
}

async function open(options: { allowHalfOpen?: boolean } = {}): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...options })
  const chunks: Buffer[] = []
  const looks = new Set<() => void>()
  let finished = false
  const changed = (): void => looks.forEach((look) => look())
  const until = <T>(found: () => T | null): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const value = found()
        if (value === null) return
        looks.delete(look)
        resolve(value)
      }
      looks.add(look)
      look()
    })
  const bytes = (): Buffer => Buffer.concat(chunks)
  const headLength = (): number => bytes().indexOf('\r\n\r\n') + 4
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    changed()
  })
  socket.on('end', () => {
    finished = true
    changed()
  })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return {
    socket,
    bytes,
    head: () => until(() => (headLength() > 3 ? bytes().toString('latin1', 0, headLength()) : null)),
    frames: (count) =>
      until(() => {
        if (headLength() < 4) return null
        const frames = wholeFrames(bytes().subarray(headLength()))
        return frames.length >= count ? frames : null
      }),
    ended: () => until(() => (finished ? bytes() : null)),
  }
}

function wholeFrames(bytes: Buffer): string[] {
  try {
    return splitFrames(bytes).map(describeFrame)
  } catch {
    return [] // the last one is not there yet
  }
}

const HEADERS: Record<string, string | null> = {
  Host: '127.0.0.1',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': KEY,
  'Sec-WebSocket-Version': '13',
}

const request = (changes: Record<string, string | null> = {}, line = 'GET / HTTP/1.1'): string =>
  [
    line,
    ...Object.entries({ ...HEADERS, ...changes }).flatMap(([k, v]) => (v === null ? [] : [`${k}: ${v}`])),
    '',
    '',
  ].join('\r\n')

/** A client past the handshake. */
async function joined(target = '/', options: { allowHalfOpen?: boolean } = {}): Promise<Client> {
  const client = await open(options)
  client.socket.write(request({}, `GET ${target} HTTP/1.1`))
  expect(await client.head()).toMatch(/^HTTP\/1\.1 101 /)
  return client
}

const masked = (options: FrameOptions): Buffer => encodeFrame({ ...options, key: 0x3d21fa37 })
const text = (payload: string): Buffer => masked({ opcode: 1, payload: Buffer.from(payload) })
const close = (code: number): Buffer => masked({ opcode: 8, payload: Buffer.from([code >> 8, code & 255]) })

describe('the opening handshake', () => {
  test('switches protocols, and says what it chose', async () => {
    const client = await open()
    client.socket.write(
      request({
        'Sec-WebSocket-Protocol': 'nope, echo',
        'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits; server_max_window_bits=10',
      }),
    )
    expect(await client.head()).toBe(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
        'Sec-WebSocket-Protocol: echo',
        'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10',
        '',
        '',
      ].join('\r\n'),
    )
  })

  test.each<[string, string, string, RegExp?]>([
    ['token lists in any case', request({ Upgrade: 'h2c, WebSocket', Connection: 'keep-alive, UPGRADE' }), '101'],
    ['a version that is not 13', request({ 'Sec-WebSocket-Version': '8' }), '426', /\r\nSec-WebSocket-Version: 13\r\n/],
    ['no version', request({ 'Sec-WebSocket-Version': null }), '426', /\r\nUpgrade: websocket\r\n/],
    ['POST', request({}, 'POST / HTTP/1.1'), '405', /\r\nAllow: GET\r\n/],
    ['another path', request({}, 'GET /other HTTP/1.1'), '404'],
    ['the whole URL', request({}, 'GET http://127.0.0.1/?clock=0 HTTP/1.1'), '101'],
    ['HTTP/1.0', request({}, 'GET / HTTP/1.0'), '400'],
    ['no key', request({ 'Sec-WebSocket-Key': null }), '400'],
    ['a key of 15 bytes', request({ 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAA' }), '400'],
    ['no Connection', request({ Connection: null }), '400'],
    ['no Upgrade', request({ Upgrade: null }), '400'],
    ['no Host', request({ Host: null }), '400'],
    ['a Host elsewhere', request({ Host: 'evil.example' }), '403'],
    ['an Origin elsewhere', request({ Origin: 'https://evil.example' }), '403'],
    ['an Origin that looks near', request({ Origin: 'http://127.0.0.1.evil.example' }), '403'],
    ['the page of a server here', request({ Origin: 'http://127.0.0.1:8000' }), '101'],
    ['the app', request({ Origin: 'app://pushscope' }), '101'],
    ['a Host that looks near', request({ Host: '127.0.0.1.evil.example' }), '403'],
    ['localhost with a port', request({ Host: 'LOCALHOST:8005' }), '101'],
    ['IPv6 loopback', request({ Host: '[::1]:8005' }), '101'],
    ['a body', request({ 'Content-Length': '5' }), '400'],
    ['extensions that are no list', request({ 'Sec-WebSocket-Extensions': 'a b' }), '400'],
    ['an offer it cannot take', request({ 'Sec-WebSocket-Extensions': 'permessage-deflate; foo' }), '101'],
    ['a subprotocol given twice', request({ 'Sec-WebSocket-Protocol': 'echo, echo' }), '400'],
    ['a folded header', request({ 'X-Odd': 'a\r\n b' }), '400'],
    ['a space before the colon', request({ 'X-Odd ': 'a' }), '400'],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01', '400'],
  ])('%s: %#', async (_name, bytes, status, header = /^/) => {
    const client = await open()
    client.socket.write(bytes, 'latin1')
    const head = await client.head()
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toMatch(header)
    if (status !== '101') expect(await client.ended()).toHaveProperty('length')
  })

  test('a head byte by byte, the first frame in the same segment', async () => {
    const slow = await open()
    for (const byte of Buffer.from(request())) slow.socket.write(Buffer.of(byte))
    expect(await slow.head()).toContain(' 101 ')
    const eager = await open()
    eager.socket.write(Buffer.concat([Buffer.from(request()), text('at once')]))
    expect(await eager.frames(1)).toEqual(['text "at once"'])
  })

  test('the page is at /, and nothing else', async () => {
    const base = `http://127.0.0.1:${port}`
    const page = await fetch(`${base}/`)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await page.text()).toMatch(/^<!doctype html>/i)
    expect((await fetch(`${base}/`, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${base}/other`)).status).toBe(404)
    expect((await fetch(`${base}/`, { method: 'DELETE' })).status).toBe(405)
  })
})

describe('the query', () => {
  test.each([
    ['/?echo=0', []],
    ['/?echo=1', ['text "a"']],
    ['/', ['text "a"']],
  ])('%s', async (target, echoed) => {
    const client = await joined(target)
    client.socket.write(Buffer.concat([text('a'), masked({ opcode: 9 })]))
    expect(await client.frames(echoed.length + 1)).toEqual([...echoed, 'pong '])
  })

  test('?compression=0 declines it', async () => {
    const client = await open()
    client.socket.write(request({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }, 'GET /?compression=0 HTTP/1.1'))
    expect(await client.head()).not.toContain('Extensions')
  })

  test('?clock=1&interval= ticks', async () => {
    const client = await joined('/?clock=1&interval=5')
    const frames = await client.frames(3)
    expect(frames.slice(0, 3).map((frame) => /"seq\\":(\d)/.exec(frame)?.[1] ?? frame)).toEqual(['1', '2', '3'])
  })
})

interface Case {
  id: string
  tx_hex: string[]
  expected: Record<string, [kind: string, payload: string, binary?: boolean][]>
  expectedClose: { closeCode: number[] }
}
const table = new URL('../../protocol/websocket/testdata/frame-cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(table, 'utf8')) as { cases: Case[] }

describe('the frame cases', () => {
  test.each(cases)('$id, whole and byte by byte', async ({ tx_hex, expected, expectedClose }) => {
    const bytes = Buffer.from(tx_hex.join(''), 'hex')
    for (const pieces of [[bytes], Array.from(bytes, (byte) => Buffer.of(byte))]) {
      const client = await joined()
      for (const piece of pieces) client.socket.write(piece)
      const all = await client.ended() // by FIN: a reset would lose the close frame
      const frames = splitFrames(all.subarray(all.indexOf('\r\n\r\n') + 4)).map(describeFrame)
      const answers = expected['OK']!.filter(([kind]) => kind !== 'timeout')
      expect(frames.slice(0, -1).map((frame) => frame.split(' ')[0])).toEqual(
        answers.map(([kind, , binary]) => (kind === 'pong' ? 'pong' : binary ? 'binary' : 'text')),
      )
      expect(frames.at(-1)).toMatch(/^close/)
      expect(expectedClose.closeCode).toContain(Number(frames.at(-1)!.split(' ')[1] ?? 1000))
    }
  })
})

describe('ends', () => {
  test('a close frame is answered with the same code, and the server ends', async () => {
    const client = await joined()
    client.socket.write(close(4321))
    await client.ended()
    expect(await client.frames(1)).toEqual(['close 4321'])
  })

  test('a half-open client still gets its answers, then the end', async () => {
    const client = await joined('/', { allowHalfOpen: true })
    client.socket.end(text('last words'))
    await client.ended()
    expect(await client.frames(1)).toEqual(['text "last words"'])
  })

  test('a server that stops says goodbye', async () => {
    const own = createRawServer()
    const { port: ownPort } = await own.start(0)
    const client = connect({ port: ownPort, host: '127.0.0.1' })
    client.on('error', () => undefined)
    const chunks: Buffer[] = []
    client.on('data', (chunk) => chunks.push(chunk))
    client.write(request({}, 'GET /?clock=0 HTTP/1.1'))
    await once(client, 'data')
    const gone = new Promise((resolve) => client.once('close', resolve))
    await own.stop()
    await gone
    const all = Buffer.concat(chunks)
    expect(describeFrame(all.subarray(all.indexOf('\r\n\r\n') + 4))).toBe('close 1001')
  })

  test('pings go out at the interval of the controls', async () => {
    const client = await joined()
    server.control({ pingInterval: 10 })
    onTestFinished(() => void server.control({ pingInterval: 0 }))
    expect((await client.frames(2)).slice(0, 2)).toEqual([
      expect.stringMatching(/^ping /),
      expect.stringMatching(/^ping /),
    ])
  })
})

describe('abuse', () => {
  /** The server answers a new client. */
  const serves = async (): Promise<void> => {
    const client = await joined()
    client.socket.write(text('still there?'))
    expect(await client.frames(1)).toEqual(['text "still there?"'])
  }

  test('a thousand idle clients', async () => {
    const idle = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => {
        const socket = connect({ port, host: '127.0.0.1' })
        socket.on('error', () => undefined)
        socket.write(i % 2 === 0 ? request() : 'GET / HTTP/1.1\r\n')
        return i % 2 === 0 ? once(socket, 'data').then(() => socket) : once(socket, 'connect').then(() => socket)
      }),
    )
    expect(server.state().clients).toBeGreaterThanOrEqual(500)
    await serves()
    for (const socket of idle) socket.destroy()
  })

  test('a head that dribbles and never ends is given up', async () => {
    const client = await open()
    client.socket.write('GET / HTTP/1.1\r\nX: ')
    expect((await client.ended()).toString()).toMatch(/^HTTP\/1\.1 408 /)
    await serves()
  })

  test('a head without end is cut off', async () => {
    const client = await open()
    client.socket.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(200_000)}`)
    expect((await client.ended()).toString()).toMatch(/^HTTP\/1\.1 431 /)
    await serves()
  })

  test('a reset in the middle of a frame', async () => {
    const client = await joined()
    client.socket.write(text('half').subarray(0, 8))
    client.socket.resetAndDestroy()
    await serves()
  })

  test('a length of 2^63 - 1, and one byte', async () => {
    const client = await joined()
    client.socket.write(Buffer.from('82ff7fffffffffffffff0000000000', 'hex'))
    await client.ended()
    expect(await client.frames(1)).toEqual(['close 1009'])
    await serves()
  })

  test('a client that floods and ends nothing is let go after its fault', async () => {
    const client = await joined()
    client.socket.write(Buffer.from('f100', 'hex'))
    const flood = setInterval(() => client.socket.write(Buffer.alloc(1000)), 5)
    await once(client.socket, 'close')
    clearInterval(flood)
    expect(await client.frames(1)).toEqual(['close 1002'])
    await serves()
  })

  test('a client that sends without reading is not read from without end', async () => {
    const client = await joined()
    client.socket.pause()
    const message = masked({ opcode: 2, payload: Buffer.alloc(1 << 20) })
    let sent = 0
    // Until the pipe is full both ways: what is written then stays in our own buffer.
    while (client.socket.writableLength < 8 << 20 && sent < 200) {
      client.socket.write(message)
      sent++
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(sent).toBeLessThan(200)
    await serves()
  })
})
