/** The `ws` probe against servers that refuse, lie, break the protocol, or just behave. */
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Outgoing } from '../../../preload/contract/index.ts'
import { createCertificate } from '../testing/certificate.ts'
import { closedPort, serveAnswer, serveHttp, serveTcp, serveTls } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createLibraryProbe } from './library-probe.ts'

const start = (url: string, request: object = {}) => startProbe(createLibraryProbe, { url, ...request })
const hex = (...parts: string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')

/** Switches protocols as it should, then hands the socket over. */
const serveFrames = (then: (socket: Socket) => void, extra = '', deaf = false): Promise<string> =>
  serveTcp((socket) => {
    socket.once('data', (head: Buffer) => {
      const key = /^sec-websocket-key: (.*)\r$/im.exec(head.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`,
      )
      socket.on('data', (bytes) => bytes[0] === 0x88 && !deaf && socket.end()) // a close frame
      then(socket)
    })
  })

/** A well-behaved server on `ws`. */
async function serveWs(options: object, onClient: (client: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options })
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', onClient)
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/`
}

/** Unmasks the client's frames (each at most 125 bytes long): [opcode, payload]. */
function framesOf(bytes: Buffer): [number, string][] {
  const frames: [number, string][] = []
  let at = bytes.indexOf('\r\n\r\n') + 4
  while (at + 6 <= bytes.length) {
    const length = (bytes[at + 1] ?? 0) & 127
    const payload = bytes.subarray(at + 6, at + 6 + length).map((byte, i) => byte ^ (bytes[at + 2 + (i % 4)] ?? 0))
    frames.push([(bytes[at] ?? 0) & 15, Buffer.from(payload).toString('latin1')])
    at += 6 + length
  }
  return frames
}

describe('a server that does not switch protocols', () => {
  it.each([
    [401, 'Unauthorized', 'add an Authorization header'],
    [404, 'Not Found', 'check path and query'],
    [500, 'Internal Server Error', 'its log says more'],
    [200, 'OK', 'another technique may fit'],
    [426, 'Upgrade Required', 'Upgrade and Sec-WebSocket-Version'],
  ])('HTTP %i is told with reason and hint, its headers and body are kept', async (status, reason, hint) => {
    const place = await serveHttp((_, response) => response.writeHead(status, { 'X-Why': 'because' }).end('no entry'))
    const { recorder, outcome, states } = start(`ws://${place}/`)
    const message = `HTTP ${status} ${reason} instead of 101 Switching Protocols`
    expect(await outcome()).toMatchObject({ how: 'failed', failure: { message, hint: expect.stringContaining(hint) } })
    expect(states).toEqual(['connecting', 'failed'])
    const answer = recorder.connections[0]?.server.toString() ?? ''
    expect(answer).toContain('X-Why: because\r\n')
    expect(answer).toContain('no entry')
    expect(recorder.rowsOf('error')).toMatchObject([{ connection: 1, details: { message }, findings: ['ws-refused'] }])
  })

  it('is told by its status, however badly its answer ends', async () => {
    const place = await serveAnswer('HTTP/1.1 401 Unauthorized\r\nContent-Length: 8\r\n\r\nno entry, and more')
    const { recorder, ending } = start(`ws://${place}/`)
    expect(await ending()).toBe('HTTP 401 Unauthorized instead of 101 Switching Protocols')
    expect(recorder.rowsOf('error')).toMatchObject([{ details: { code: '401' }, findings: ['ws-refused'] }])
  })

  it('is told by its status when one closes before all of its answer came', async () => {
    const place = await serveAnswer('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
    const { recorder, ending, probe, until } = start(`ws://${place}/`)
    await until(() => recorder.connections[0]?.server.toString().endsWith('1\n\n') ?? false)
    await new Promise((resolve) => setImmediate(resolve)) // the tap sees it before the client does
    await probe.close()
    expect(await ending()).toBe('HTTP 200 OK instead of 101 Switching Protocols')
    expect(recorder.rowsOf('error')).toMatchObject([{ details: { code: '200' } }])
  })

  it('a redirect is not followed, and its address is named', async () => {
    const place = await serveHttp((_, response) => response.writeHead(302, { Location: 'ws://127.0.0.1:9/x' }).end())
    const { outcome, recorder } = start(`ws://${place}/`)
    expect(await outcome()).toMatchObject({ failure: { hint: expect.stringContaining('ws://127.0.0.1:9/x') } })
    expect(recorder.connections).toHaveLength(1)
  })

  it('an endless refusal is not waited for', async () => {
    const place = await serveAnswer('HTTP/1.1 503 Busy\r\n\r\n', (socket) => {
      const more = (): void => void socket.write('x'.repeat(65_536), (error) => error ?? setImmediate(more))
      more()
    })
    expect(await start(`ws://${place}/`).ending()).toBe('HTTP 503 Busy instead of 101 Switching Protocols')
  })

  const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
  it.each([
    [
      'a wrong Accept',
      `${SWITCH}Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n`,
      'ws-accept-wrong',
      /Sec-WebSocket-Accept/,
    ],
    ['no Accept', `${SWITCH}\r\n`, 'ws-accept-missing', /Sec-WebSocket-Accept/],
    ['garbage', Buffer.from('00ff17fe0a0d0a', 'hex'), 'http-not-http', /did not answer with HTTP/],
    ['TLS', Buffer.from('15030300020228', 'hex'), 'tls-failed', /answered with TLS/],
    [
      'a head without end',
      `HTTP/1.1 101 X\r\n${'X-A: b\r\n'.repeat(20_000)}`,
      'http-head-too-large',
      /head of the answer/,
    ],
  ])('%s is a sentence and a finding', async (_, answer, finding, sentence) => {
    const place = await serveAnswer(answer)
    const { ending, recorder, states } = start(`ws://${place}/`)
    expect(await ending()).toMatch(sentence)
    expect(recorder.rowsOf('error')).toMatchObject([{ findings: [finding] }])
    expect(states.at(-1)).toBe('failed')
    expect(recorder.connections[0]?.server.length).toBeGreaterThan(0)
  })

  it('a close instead of an answer', async () => {
    const place = await serveTcp((socket) => socket.once('data', () => socket.end()))
    const { ending, recorder } = start(`ws://${place}/`)
    expect(await ending()).toBe(`${place} closed the connection without an answer.`)
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['net-closed'])
  })

  it('a reset instead of an answer', async () => {
    const place = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const { ending, recorder } = start(`ws://${place}/`)
    expect(await ending()).toBe(`${place} reset the connection.`)
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['net-reset'])
  })

  it('a refused port', async () => {
    const place = await closedPort()
    const { ending, recorder } = start(`ws://${place}/`)
    expect(await ending()).toBe(`Nothing listens on ${place}: the connection was refused.`)
    expect(recorder.rowsOf('error')).toMatchObject([{ details: { code: 'ECONNREFUSED' }, findings: ['net-refused'] }])
  })

  it('a subprotocol that was never offered', async () => {
    const place = await serveFrames(() => undefined, 'Sec-WebSocket-Protocol: surprise\r\n')
    const { ending, recorder } = start(`ws://${place}/`, { subprotocols: ['chat'] })
    expect(await ending()).toMatch(/subprotocol/)
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['ws-subprotocol-unasked'])
  })
})

it('a server that chooses none of the subprotocols is looked at all the same', async () => {
  const place = await serveFrames((socket) => socket.write(hex('8101 41')))
  const { recorder, until, probe } = start(`ws://${place}/`, { subprotocols: ['chat'] })
  await until(() => probe.state === 'open' && (recorder.connections[0]?.server.includes(hex('8101 41')) ?? false))
})

it('what cannot be written is a failure, not an exception', async () => {
  const { ending } = start('ws://127.0.0.1:9/', { subprotocols: ['two words'] })
  expect(await ending()).toMatch(/^The handshake cannot be written/)
  const other = start('ws://127.0.0.1:9/', { headers: [['X-Bad', 'a\nb']] })
  expect(await other.ending()).toMatch(/^The handshake cannot be written/)
})

describe('a server that breaks the protocol after the handshake', () => {
  // Each rule, with its finding and sentence: probes-alike.test.ts.
  it('a broken rule ends it as failed, and the bytes are kept', async () => {
    const bytes = hex('8300')
    const place = await serveFrames((socket) => {
      socket.write(bytes)
      socket.on('data', () => socket.end()) // its close frame
    })
    const { outcome, recorder, states } = start(`ws://${place}/`, { compression: false })
    expect((await outcome()).how).toBe('failed')
    expect(states.at(-1)).toBe('failed')
    expect(recorder.rowsOf('error')).toMatchObject([{ findings: ['ws-opcode'] }])
    expect(recorder.connections[0]?.server.subarray(-bytes.length)).toEqual(bytes)
  })

  it('an end in the middle of a frame', async () => {
    const place = await serveFrames((socket) => socket.end(hex('8105 4865')))
    const { ending, messages } = start(`ws://${place}/`)
    expect(await ending()).toBe('ended')
    expect(messages.at(-1)).toContain('1006')
  })

  it('a reset in the middle of a frame', async () => {
    const place = await serveFrames((socket) =>
      socket.write(hex('8105 4865'), () => setImmediate(() => socket.resetAndDestroy())),
    )
    const { outcome, recorder } = start(`ws://${place}/`)
    await outcome()
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['net-reset'])
  })
})

describe('an open connection', () => {
  it('sends what it is told to, each with its own opcode', async () => {
    const heard: string[] = []
    const url = await serveWs({}, (client) => {
      client.on('message', (data, binary) => heard.push(`${binary ? 'binary' : 'text'} ${String(data)}`))
      client.on('ping', (data) => heard.push(`ping ${String(data)}`))
      client.on('pong', (data) => heard.push(`pong ${String(data)}`))
      client.on('close', (code, reason) => heard.push(`close ${code} ${String(reason)}`))
    })
    const { probe, until, ending, messages } = start(url)
    await until(() => probe.state === 'open')
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const outgoing: Outgoing[] = [
      { type: 'text', text: 'grüß' },
      { type: 'binary', base64: base64('raw') },
      { type: 'ping', base64: base64('p1') },
      { type: 'pong', base64: base64('p2') },
      { type: 'close', code: 3_001, reason: 'enough' },
    ]
    expect(outgoing.map((message) => probe.send(message).ok)).toEqual([true, true, true, true, true])
    expect(await ending()).toBe('ended')
    expect(heard).toEqual(['text grüß', 'binary raw', 'ping p1', 'pong p2', 'close 3001 enough'])
    expect(messages.at(-1)).toBe('Closed with 3001 registered: enough.')
    expect(probe.send({ type: 'text', text: 'late' })).toMatchObject({ ok: false, error: { code: 'not-connected' } })
  })

  it.each<[string, Outgoing]>([
    ['close code 1005', { type: 'close', code: 1_005, reason: '' }],
    ['close code 999', { type: 'close', code: 999, reason: '' }],
    ['a reason of 124 bytes', { type: 'close', code: 1_000, reason: 'ü'.repeat(62) }],
    ['a reason without a code', { type: 'close', code: null, reason: 'x' }],
    ['a ping of 126 bytes', { type: 'ping', base64: Buffer.alloc(126).toString('base64') }],
  ])('does not send %s', async (_, message) => {
    const { probe, until } = start(await serveWs({}, () => undefined))
    await until(() => probe.state === 'open')
    expect(probe.send(message)).toMatchObject({ ok: false, error: { code: 'cannot-send' } })
    expect(probe.state).toBe('open')
  })

  it('answers pings by itself, or keeps quiet when told to', async () => {
    for (const autoPong of [true, false]) {
      const place = await serveFrames((socket) => socket.write(hex('8902 6869')))
      const { probe, recorder, until } = start(`ws://${place}/`, { autoPong })
      await until(() => probe.state === 'open' && (recorder.connections[0]?.server.includes(hex('8902 6869')) ?? false))
      probe.send({ type: 'text', text: 'after' })
      await until(() => framesOf(recorder.connections[0]?.client ?? Buffer.alloc(0)).some(([opcode]) => opcode === 1))
      const frames = framesOf(recorder.connections[0]?.client ?? Buffer.alloc(0))
      expect(frames).toEqual(
        autoPong
          ? [
              [10, 'hi'],
              [1, 'after'],
            ]
          : [[1, 'after']],
      )
    }
  })

  it('echoes text and binary, fragmented ones too', async () => {
    const heard: string[] = []
    const url = await serveWs({}, (client) => {
      client.on('message', (data, binary) => {
        heard.push(`${binary ? 'binary' : 'text'} ${String(data)}`)
        if (heard.length === 2) client.close()
      })
      client.send('one ', { fin: false })
      client.send('two', { fin: true })
      client.send(Buffer.from('three'))
    })
    await start(url, { echo: true }).outcome()
    expect(heard).toEqual(['text one two', 'binary three'])
  })

  it('offers compression only when asked to, and headers and subprotocols as given', async () => {
    for (const compression of [true, false]) {
      const url = await serveWs({ perMessageDeflate: true }, (client) => client.close())
      const { recorder, outcome } = start(url, {
        compression,
        subprotocols: ['a', 'b'],
        headers: [
          ['X-One', '1'],
          ['X-One', '2'],
        ],
      })
      await outcome()
      const request = recorder.connections[0]?.client.toString('latin1') ?? ''
      expect(request.includes('Sec-WebSocket-Extensions: permessage-deflate')).toBe(compression)
      expect(request).toContain('Sec-WebSocket-Protocol: a,b\r\n')
      expect(request).toContain('X-One: 1\r\nX-One: 2\r\n')
    }
  })

  it('takes a message in more fragments than ws allows by default', async () => {
    const place = await serveFrames((socket) => {
      socket.write(
        Buffer.concat([hex('0101 61'), ...Array<Buffer>(20_000).fill(hex('0001 61')), hex('8000'), hex('8802 03e8')]),
      )
    })
    const { ending, messages } = start(`ws://${place}/`)
    expect(await ending()).toBe('ended')
    expect(messages.at(-1)).toBe('Closed with 1000 normal closure.')
  })

  it('close() is a close frame, and bounded when the peer does not answer', async () => {
    const place = await serveFrames(() => undefined, '', true)
    const { probe, recorder, until } = start(`ws://${place}/`)
    await until(() => probe.state === 'open')
    const begun = performance.now()
    await Promise.all([probe.close(), probe.close()])
    expect(performance.now() - begun).toBeLessThan(4_000)
    expect(framesOf(recorder.connections[0]?.client ?? Buffer.alloc(0)).map(([opcode]) => opcode)).toEqual([8])
    expect(recorder.connections[0]?.ended).toEqual({ client: true, server: true })
  })

  it('close() during the handshake ends it', async () => {
    const place = await serveTcp(() => undefined)
    const { probe, until, recorder, outcome } = start(`ws://${place}/`)
    await until(() => (recorder.connections[0]?.client.length ?? 0) > 0)
    await probe.close()
    expect(await outcome()).toEqual({ how: 'ended' })
  })
})

describe('TLS', () => {
  const local = { commonName: 'localhost', addresses: ['127.0.0.1'] }
  it('a certificate that is not trusted fails with its own sentence and is shown', async () => {
    const place = await serveTls(createCertificate(local), () => undefined)
    const { ending, recorder } = start(`wss://${place}/`)
    expect(await ending()).toBe('The certificate of 127.0.0.1 is self-signed.')
    expect(recorder.rows.map(({ kind }) => kind)).toEqual(['connect', 'tls', 'error'])
    expect(recorder.rowsOf('tls')[0]).toMatchObject({
      findings: ['tls-certificate'],
      details: { authorized: false, subject: 'CN=localhost' },
    })
    expect(recorder.rowsOf('error')[0]?.details['code']).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(recorder.connections[0]?.client).toHaveLength(0) // nothing was said to a stranger
  })

  it('any certificate is taken when told to, and shown all the same', async () => {
    const place = await serveTls(createCertificate(local), (socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
    })
    const { ending, recorder } = start(`wss://${place}/`, { insecure: true })
    expect(await ending()).toBe('HTTP 404 Not Found instead of 101 Switching Protocols')
    expect(recorder.rowsOf('tls')[0]?.details).toMatchObject({
      protocol: 'TLSv1.3',
      authorized: false,
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      issuer: 'CN=localhost',
      validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    expect(recorder.connections[0]?.client.toString()).toMatch(/^GET \/ HTTP/) // the plain bytes
  })

  it('a port without TLS is told apart', async () => {
    const place = await serveHttp((_, response) => response.end())
    const { outcome } = start(`wss://${place}/`)
    expect(await outcome()).toMatchObject({
      failure: { message: expect.stringContaining('does not speak TLS'), hint: 'Try ws:// instead.' },
    })
  })
})
