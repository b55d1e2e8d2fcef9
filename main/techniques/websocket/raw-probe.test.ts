/** The raw probe against servers written byte by byte: what it asks, what it takes, what it refuses. */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { ConnectRequest } from '../../../preload/contract/index.ts'
import { unmaskedPayload } from '../../protocol/websocket/decode.ts'
import { encodeFrame } from '../../protocol/websocket/frame.ts'
import { acceptFor } from '../../protocol/websocket/handshake.ts'
import { describeFrame, splitFrames } from '../../protocol/websocket/testing/talk.ts'
import { serveAnswer, serveTcp } from '../testing/servers.ts'
import { startProbe, type Started } from '../testing/start-probe.ts'
import { createRawProbe } from './raw-probe.ts'

const start = (place: string, more: Partial<ConnectRequest> = {}): Started =>
  startProbe(createRawProbe, { url: `ws://${place}/chat?room=1`, technique: 'websocket', raw: true, ...more })

/** A server that switches and then does what it is told; `headers` replace or add, an empty value leaves one out. */
const serveFrames = (then: (socket: Socket) => void, headers: Record<string, string> = {}, first = Buffer.alloc(0)) =>
  serveTcp((socket) => {
    socket.once('data', (bytes: Buffer) => {
      const key = /^sec-websocket-key: (.*)$/im.exec(bytes.toString('latin1'))?.[1] ?? ''
      const all = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptFor(key), ...headers }
      const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
      socket.write(
        Buffer.concat([Buffer.from(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n')), first]),
      )
      then(socket)
    })
  })

/** Frames that the probe sent behind its handshake. */
function framesOf({ recorder }: Started): string[] {
  const bytes = recorder.connections[0]!.client
  try {
    return splitFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).map(describeFrame)
  } catch {
    return [] // the last one is not whole yet
  }
}

const text = (payload: string): Buffer => encodeFrame({ opcode: 1, payload: Buffer.from(payload) })
const BYE = encodeFrame({ opcode: 8, payload: Buffer.from([3, 232]) })

describe('the opening handshake', () => {
  test('is asked for as RFC 6455 4.1 says, with the headers of the user', async () => {
    const place = await serveFrames((socket) => socket.end(BYE), { 'Sec-WebSocket-Protocol': 'b' })
    const { recorder, states, messages, ending } = start(place, {
      subprotocols: ['a', 'b'],
      headers: [
        ['X-Own', 'ü'],
        ['user-agent', 'me'],
      ],
    })
    expect(await ending()).toBe('ended')
    const [request] = recorder.requests()
    expect(request!.split('\r\n\r\n')[0]!.replace(/Key: .{22}==/, 'Key: …')).toBe(
      [
        'GET /chat?room=1 HTTP/1.1',
        `Host: ${place}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: …',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Protocol: a, b',
        'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
        'X-Own: ü',
        'user-agent: me',
      ].join('\r\n'),
    )
    expect(states).toEqual(['connecting', 'open', 'closed'])
    expect(messages).toEqual([`Connecting to ${place}.`, 'Open, subprotocol b.', 'Closed with 1000 normal closure.'])
  })

  test('credentials of the URL become a header, no compression no offer', async () => {
    const place = await serveFrames((socket) => socket.end(BYE))
    const started = start(place, { url: `ws://me:p%40ss@${place}/`, compression: false })
    await started.ending()
    const [request] = started.recorder.requests()
    expect(request).toContain('Authorization: Basic bWU6cEBzcw==')
    expect(request).not.toContain('Extensions')
  })

  test.each([
    ['a header with a line end', { headers: [['X', 'a\r\nY: b']] as [string, string][] }],
    ['a header name with a space', { headers: [['X Y', 'a']] as [string, string][] }],
    ['a subprotocol given twice', { subprotocols: ['a', 'a'] }],
    ['an empty subprotocol', { subprotocols: [''] }],
  ])('%s is not written', async (_name, more) => {
    const { ending, recorder } = start('127.0.0.1:9', more)
    expect(await ending()).toMatch(/^The handshake cannot be written: /)
    expect(recorder.connections).toEqual([])
  })

  test('interim answers are passed over, frames behind the head are read at once', async () => {
    const place = await serveTcp((socket) => {
      socket.once('data', (bytes: Buffer) => {
        const key = /Key: (.*)\r/.exec(bytes.toString())![1]!
        socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n'),
            Buffer.from(
              `HTTP/1.1 101 \r\nupgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\nsec-websocket-accept: ${acceptFor(key)}\r\n\r\n`,
            ),
            text('at once'),
            BYE,
          ]),
        )
      })
    })
    const started = start(place, { echo: true })
    expect(await started.ending()).toBe('ended')
    expect(framesOf(started)).toEqual(['text "at once"', 'close 1000'])
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['another accept', { 'Sec-WebSocket-Accept': 'AAAA' }, /Sec-WebSocket-Accept is not the value/],
    ['no accept', { 'Sec-WebSocket-Accept': '' }, /no Sec-WebSocket-Accept/],
    ['no Upgrade', { Upgrade: '' }, /without saying "Upgrade: websocket"/],
    ['a subprotocol of its own', { 'Sec-WebSocket-Protocol': 'x' }, /a subprotocol that was not offered/],
    ['an extension of its own', { 'Sec-WebSocket-Extensions': 'foo' }, /an extension that was not offered/],
    [
      'wrong parameters',
      { 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=99' },
      /cannot be accepted/,
    ],
  ])('%s is refused', async (_name, headers, sentence) => {
    const { ending } = start(await serveFrames(() => undefined, headers))
    expect(await ending()).toMatch(sentence)
  })
})

describe('refusals', () => {
  test.each([
    ['a length', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope', (): void => undefined],
    [
      'chunks',
      'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n',
      (): void => undefined,
    ],
    ['the end', 'HTTP/1.1 401 Unauthorized\r\n\r\nnope', (socket: Socket): void => void socket.end()],
  ])('are kept with their body, known by %s', async (_name, answer, then) => {
    const { ending, recorder } = start(await serveAnswer(answer, then))
    expect(await ending()).toBe('HTTP 401 Unauthorized instead of 101 Switching Protocols')
    expect(recorder.connections[0]!.server.toString()).toBe(answer)
    expect(recorder.rowsOf('error')).toHaveLength(1)
  })

  test('are told when one closes before all of the answer came', async () => {
    const { probe, recorder, ending, until } = start(await serveAnswer('HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n'))
    await until(() => recorder.connections[0]?.server.toString().endsWith('1\n\n') ?? false)
    await new Promise((resolve) => setImmediate(resolve)) // the tap sees it before the client does
    await probe.close()
    expect(await ending()).toBe('HTTP 200 OK instead of 101 Switching Protocols')
  })

  test('a body that comes later is waited for, one without end is not', async () => {
    const late = await serveAnswer('HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\n', (socket) =>
      setImmediate(() => socket.write('nope')),
    )
    const first = start(late)
    expect(await first.ending()).toBe('HTTP 403 Forbidden instead of 101 Switching Protocols')
    expect(first.recorder.connections[0]!.server.toString()).toMatch(/nope$/)
    const endless = await serveAnswer('HTTP/1.1 500 Oops\r\n\r\n', (socket) => socket.write(Buffer.alloc(200_000)))
    expect(await start(endless).ending()).toBe('HTTP 500 Oops instead of 101 Switching Protocols')
  })

  test.each([
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', /did not answer with HTTP/],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, /larger than the limit/],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n',
      /^HTTP 302 Found instead/,
    ],
  ])('%s', async (_name, answer, sentence) => {
    expect(await start(await serveAnswer(answer)).ending()).toMatch(sentence)
  })

  test('a server that hangs up without an answer', async () => {
    expect(await start(await serveTcp((socket) => socket.destroy())).ending()).toMatch(/closed|reset/i)
  })
})

describe('frames', () => {
  test('pings are answered, or not when told so', async () => {
    for (const autoPong of [true, false]) {
      const bytes = Buffer.concat([encodeFrame({ opcode: 9, payload: Buffer.from('p') }), BYE])
      const started = start(await serveFrames((socket) => socket.end(bytes)), { autoPong })
      expect(await started.ending()).toBe('ended')
      expect(framesOf(started)).toEqual(autoPong ? ['pong 70', 'close 1000'] : ['close 1000'])
    }
  })

  test('what is sent is masked, each frame with a key of its own', async () => {
    const started = start(await serveFrames(() => undefined), { compression: false })
    await started.until(() => started.probe.state === 'open')
    for (let i = 0; i < 20; i++) expect(started.probe.send({ type: 'text', text: 'same' }).ok).toBe(true)
    const bytes = started.recorder.connections[0]!.client
    const frames = splitFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4))
    expect(frames.map((frame) => Buffer.from(unmaskedPayload(frame)).toString())).toEqual(Array(20).fill('same'))
    expect(frames.every((frame) => (frame[1]! & 128) !== 0)).toBe(true)
    expect(new Set(frames.map((frame) => Buffer.from(frame.subarray(2, 6)).toString('hex'))).size).toBe(20)
  })

  test('everything that can be sent by hand', async () => {
    const started = start(await serveFrames(() => undefined), { compression: false })
    expect(started.probe.send({ type: 'text', text: 'too early' })).toMatchObject({
      ok: false,
      error: { code: 'not-connected' },
    })
    await started.until(() => started.probe.state === 'open')
    const { probe } = started
    probe.send({ type: 'binary', base64: 'AP8=' })
    probe.send({ type: 'ping', base64: 'cA==' })
    probe.send({ type: 'pong', base64: '' })
    expect(probe.send({ type: 'ping', base64: Buffer.alloc(126).toString('base64') })).toMatchObject({
      ok: false,
      error: { code: 'cannot-send' },
    })
    expect(probe.send({ type: 'close', code: 1005, reason: '' })).toMatchObject({
      ok: false,
      error: { code: 'cannot-send' },
    })
    probe.send({ type: 'close', code: 4000, reason: 'enough' })
    expect(probe.send({ type: 'text', text: 'too late' })).toMatchObject({
      ok: false,
      error: { code: 'not-connected' },
    })
    expect(framesOf(started)).toEqual(['binary 00ff', 'ping 70', 'pong ', 'close 4000'])
  })

  test('a server that breaks the protocol is told so', async () => {
    const started = start(await serveFrames((socket) => socket.write(Buffer.from('8103ff', 'hex'))))
    expect(await started.ending()).toBe(
      'The server broke the protocol: a text message or close reason is not valid UTF-8.',
    )
    expect(framesOf(started)).toEqual(['close 1007'])
  })

  test('an end without a close frame, and a reset', async () => {
    const ended = start(await serveFrames((socket) => socket.end()))
    expect(await ended.ending()).toBe('ended')
    expect(ended.messages.at(-1)).toBe('The connection ended without a close frame (1006).')
    const reset = start(await serveFrames((socket) => void setImmediate(() => socket.resetAndDestroy())))
    expect(await reset.ending()).toBe('ended')
    expect(reset.recorder.rowsOf('error')).toMatchObject([{ findings: ['net-reset'] }])
  })

  test('closing waits for the peer, but not for ever', async () => {
    const started = start(await serveFrames(() => undefined))
    await started.until(() => started.probe.state === 'open')
    await started.probe.close()
    expect(framesOf(started)).toEqual(['close 1000'])
    expect(started.recorder.connections[0]!.ended).toEqual({ client: true, server: true })
  })
})

interface Case {
  id: string
  tx_hex: string[]
  octetwise: boolean
  expected: Record<string, [kind: string, payload: string, binary?: boolean][]>
  expectedClose: { closeCode: number[] }
}
const table = new URL('../../protocol/websocket/testdata/frame-cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(table, 'utf8')) as { cases: Case[] }

/** The same frames as a server sends them: without masks. A last one that is cut stays away. */
function unmask(bytes: Buffer): Buffer {
  const frames: Buffer[] = []
  for (let at = 0; at + 6 <= bytes.length;) {
    const length = bytes[at + 1]! & 127
    const frame = bytes.subarray(at, at + 6 + length)
    if (frame.length === 6 + length || frames.length === 0) {
      frames.push(Buffer.concat([Buffer.of(frame[0]!, length), unmaskedPayload(frame)]))
    } else frames.push(Buffer.of(frame[0]!, length))
    at += 6 + length
  }
  return Buffer.concat(frames)
}

describe('the frame cases, from a server', () => {
  test.each(cases)('$id', async ({ tx_hex, expected, expectedClose }) => {
    const bytes = unmask(Buffer.from(tx_hex.join(''), 'hex'))
    const started = start(await serveFrames((socket) => void socket.end(bytes)), { echo: true, compression: false })
    await started.outcome()
    const frames = framesOf(started)
    const answers = expected['OK']!.filter(([kind]) => kind !== 'timeout')
    expect(frames.slice(0, -1).map((frame) => frame.split(' ')[0])).toEqual(
      answers.map(([kind, , binary]) => (kind === 'pong' ? 'pong' : binary ? 'binary' : 'text')),
    )
    expect(frames.at(-1)).toMatch(/^close/)
    expect(expectedClose.closeCode).toContain(Number(frames.at(-1)!.split(' ')[1] ?? 1000))
  })
})

test('compresses as its offer said, although the answer is silent about it', async () => {
  const frames = Buffer.concat([text('again'), text('again'), BYE])
  const place = await serveFrames((socket) => socket.end(frames), { 'Sec-WebSocket-Extensions': 'permessage-deflate' })
  const headers = [['Sec-WebSocket-Extensions', 'permessage-deflate; client_no_context_takeover']] as [string, string][]
  const started = start(place, { echo: true, headers })
  expect(await started.ending()).toBe('ended')
  const [first, second] = framesOf(started)
  expect(first).toMatch(/^text compressed /)
  expect(second).toBe(first)
})

test('a server of another kin: compressed messages there and back', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } })
  await new Promise((resolve) => server.once('listening', resolve))
  const messages = ['{"a":1}', '', 'größer '.repeat(1_000), 'x'.repeat(200_000), '{"a":1}']
  const back = new Promise<string[]>((resolve) =>
    server.on('connection', (socket) => {
      const seen: string[] = []
      socket.on('message', (data) => {
        seen.push(String(data))
        if (seen.length < messages.length) return
        socket.close(1000)
        resolve(seen)
      })
      for (const message of messages) socket.send(message)
    }),
  )
  const started = start(`127.0.0.1:${(server.address() as { port: number }).port}`, { echo: true })
  expect(await back).toEqual(messages)
  expect(await started.ending()).toBe('ended')
  server.close()
})
