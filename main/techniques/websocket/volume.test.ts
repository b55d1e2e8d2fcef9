/**
 * Many and large messages, whole, in fragments and compressed in every agreed way, through the server written by hand
 * and through the probe written by hand, each with `ws` at the other end: everything comes back as it was sent.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer, type PerMessageDeflateOptions } from 'ws'
import { createServers } from '../registry.ts'
import { startSession } from '../testing/session.ts'

const KiB = 1_024
const MiB = 1_024 * KiB
const SIZES = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537, MiB, 4 * MiB, 16 * MiB]
const FRAGMENTS = [64, 256, KiB, 64 * KiB, MiB]
const SMALL = [0, 16, 64, 256, KiB, 4 * KiB, 16 * KiB]

interface Way {
  name: string
  options: PerMessageDeflateOptions
}

const way = (name: string, options: PerMessageDeflateOptions = {}): Way => ({
  name,
  options: { threshold: 0, concurrencyLimit: 1, ...options },
})

/** RFC 7692 7.1: takeover or not on each side, and windows of every size. */
const WAYS: readonly Way[] = [
  way('as it comes'),
  way('no takeover by the server', { serverNoContextTakeover: true }),
  way('no takeover by the client', { clientNoContextTakeover: true }),
  way('no takeover at all', { serverNoContextTakeover: true, clientNoContextTakeover: true }),
  ...[9, 10, 12, 15].map((bits) =>
    way(`windows of ${bits} bits`, { serverMaxWindowBits: bits, clientMaxWindowBits: bits }),
  ),
  way('small windows, no takeover', {
    serverMaxWindowBits: 9,
    clientMaxWindowBits: 9,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
  }),
]

/** Text that is neither random nor the same over and over: records with numbers that differ. */
const text = ((): Buffer => {
  let at = ''
  for (let i = 0; at.length < 512 * KiB; i++)
    at += JSON.stringify({ id: i, price: (i * 7_919) % 100_003, name: `number ${i % 17}`, tags: [i % 3] })
  return Buffer.from(at)
})()

/** `size` bytes of valid UTF-8, not all of them ASCII. */
function message(size: number, from = 0): Buffer {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i += text.length) text.copy(bytes, i, from % 1_000)
  if (size >= 32) bytes.write('größer дом', size - 32)
  return bytes
}

/** Sends each, and expects each back in order, text as text. */
async function expectEchoes(socket: WebSocket, messages: readonly Buffer[], binary: boolean): Promise<void> {
  let next = 0
  const done = new Promise<void>((resolve, reject) => {
    const hear = (data: Buffer, isBinary: boolean): void => {
      const wanted = messages[next++]!
      if (isBinary !== binary || !wanted.equals(data)) reject(new Error(`message ${next} came back another`))
      else if (next === messages.length) resolve()
    }
    socket.on('message', hear)
    socket.once('close', (code) => reject(new Error(`closed with ${code} after ${next} messages`)))
    onTestFinished(() => void socket.off('message', hear))
  })
  for (const one of messages) socket.send(one, { binary })
  await done
  socket.removeAllListeners('message')
  socket.removeAllListeners('close')
}

function sendInFragments(socket: WebSocket, bytes: Buffer, size: number): void {
  for (let at = 0; at < bytes.length; at += size)
    socket.send(bytes.subarray(at, at + size), { binary: false, fin: at + size >= bytes.length })
}

/** Both ends as seen by `ws`: its client at our server, its server at our probe. */
type Open = (deflate: PerMessageDeflateOptions | false) => Promise<WebSocket>

let port = 0
beforeAll(async () => {
  const server = createServers().get('websocket-raw')!
  server.control({ paused: true, clock: false, echo: true, compression: true })
  port = (await server.start(0)).port
  return async () => void (await server.stop())
})

const atOurServer: Open = async (perMessageDeflate) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?clock=0`, { perMessageDeflate, maxPayload: 64 * MiB })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

const atOurProbe: Open = async (perMessageDeflate) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate, maxPayload: 64 * MiB })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const joined = once(server, 'connection')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  startSession({ url, raw: true, echo: true, technique: 'websocket', compression: perMessageDeflate !== false })
  const [socket] = (await joined) as [WebSocket]
  onTestFinished(() => socket.terminate())
  return socket
}

describe.each([
  ['our server', atOurServer],
  ['our probe', atOurProbe],
] as const)('%s', (_, open) => {
  test.each(SIZES)('%i bytes in one frame, text and binary', async (size) => {
    const socket = await open(false)
    await expectEchoes(socket, [message(size)], false)
    await expectEchoes(socket, [message(size)], true)
  })

  test.each(FRAGMENTS)('4 MiB in fragments of %i bytes', async (size) => {
    const socket = await open(false)
    const bytes = message(4 * MiB)
    const back = once(socket, 'message')
    sendInFragments(socket, bytes, size)
    const [data] = (await back) as [Buffer]
    expect(bytes.equals(data)).toBe(true)
  })

  test.each(SMALL)('a thousand messages of %i bytes', async (size) => {
    const socket = await open(false)
    const messages = Array.from({ length: 1_000 }, (_, i) => message(size, i))
    await expectEchoes(socket, messages, false)
    await expectEchoes(socket, messages, true)
  })

  describe.each(WAYS)('compressed, $name', ({ options }) => {
    test.each([16, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 128 * KiB])('messages of %i bytes', async (size) => {
      const socket = await open(options)
      expect(socket.extensions).toContain('permessage-deflate')
      const messages = Array.from({ length: size < 16 * KiB ? 200 : 30 }, (_, i) => message(size, i))
      await expectEchoes(socket, messages, false)
    })

    test('in fragments', async () => {
      const socket = await open(options)
      const bytes = message(256 * KiB)
      for (const size of [1_000, 32 * KiB]) {
        const back = once(socket, 'message')
        sendInFragments(socket, bytes, size)
        const [data] = (await back) as [Buffer]
        expect(bytes.equals(data)).toBe(true)
      }
    })
  })
})
