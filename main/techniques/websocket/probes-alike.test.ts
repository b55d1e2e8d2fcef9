/** Both WebSocket probes against the same misbehaving servers: what one says of them, the other says too. */
import type { Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ConnectRequest, FindingId } from '../../../preload/contract/index.ts'
import { encodeFrame } from '../../protocol/websocket/frame.ts'
import { acceptFor } from '../../protocol/websocket/handshake.ts'
import type { CreateProbe } from '../technique.ts'
import { closedPort, serveAnswer, serveTcp } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createLibraryProbe } from './library-probe.ts'
import { createRawProbe } from './raw-probe.ts'

/** Host and port of a fresh server. */
type Serve = () => Promise<string>

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Switches, with these headers replaced or added (an empty value leaves one out), then sends the bytes. */
const switching =
  (headers: Record<string, string>, bytes: Uint8Array = Buffer.alloc(0)): Serve =>
  () =>
    serveTcp((socket) => {
      socket.once('data', (request: Buffer) => {
        const key = /^sec-websocket-key: (.*)\r$/im.exec(request.toString('latin1'))?.[1] ?? ''
        const all = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptFor(key), ...headers }
        const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
        socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'))
        socket.write(bytes)
        socket.on('data', () => socket.end()) // its close frame
      })
    })
const answering =
  (answer: string | Buffer, then?: (socket: Socket) => void): Serve =>
  () =>
    serveAnswer(answer, then)

interface Said {
  how: string
  words: string
  rows: { message: string; hint: string; findings: readonly FindingId[] }[]
}

async function said(create: CreateProbe, serve: Serve, request: Partial<ConnectRequest>): Promise<Said> {
  const place = await serve()
  const { outcome, messages, recorder } = startProbe(create, {
    url: `ws://${place}/room`,
    technique: 'websocket',
    ...request,
  })
  const told = await outcome()
  const named = (text: string): string => text.replaceAll(place, 'PLACE')
  return {
    how: told.how,
    words: named(told.how === 'failed' ? told.failure.message : messages.at(-1)!),
    rows: recorder.rowsOf('error').map(({ details, findings }) => {
      const { message, hint } = details as { message: string; hint: string }
      return { message: named(message), hint: named(hint), findings: findings as FindingId[] }
    }),
  }
}

const both = async (serve: Serve, request: Partial<ConnectRequest> = {}): Promise<[library: Said, raw: Said]> => [
  await said(createLibraryProbe, serve, request),
  await said(createRawProbe, serve, request),
]

const refusing = (head: string): Serve => answering(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`)
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
const DEFLATE = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }

describe('an answer that opens nothing', () => {
  test.each<[name: string, serve: Serve, finding: FindingId, hint: RegExp, request?: Partial<ConnectRequest>]>([
    ['200', refusing('200 OK'), 'ws-refused', /ordinary HTTP answer/],
    ['204', refusing('204 No Content'), 'ws-refused', /ordinary HTTP answer/],
    [
      'a redirect by path',
      refusing('302 Found\r\nLocation: /else'),
      'ws-refused',
      /connect to ws:\/\/PLACE\/else instead/,
    ],
    [
      'a redirect to a page',
      refusing('307 T\r\nLocation: https://e.test/in'),
      'ws-refused',
      /to https:\/\/e\.test\/in/,
    ],
    ['a redirect to nowhere', refusing('302 Found'), 'ws-refused', /no Location header/],
    ['304', refusing('304 Not Modified'), 'ws-refused', /If-None-Match/],
    ['401', refusing('401 Unauthorized'), 'ws-refused', /credentials/],
    ['426', refusing('426 Upgrade Required'), 'ws-refused', /Sec-WebSocket-Version/],
    ['503', refusing('503 Busy'), 'ws-refused', /its log says more/],
    ['another Accept', switching({ 'Sec-WebSocket-Accept': 'AAA=' }), 'ws-accept-wrong', /compare the two/],
    ['no Accept', answering(`${SWITCH}\r\n`), 'ws-accept-missing', /shows the bytes/],
    ['no Upgrade', switching({ Upgrade: '' }), 'ws-upgrade-missing', /shows the bytes/],
    ['another Upgrade', switching({ Upgrade: 'h2c' }), 'ws-upgrade-missing', /shows the bytes/],
    ['no Connection', switching({ Connection: '' }), 'ws-connection-missing', /shows the bytes/],
    ['a subprotocol', switching({ 'Sec-WebSocket-Protocol': 'x' }), 'ws-subprotocol-unasked', /Offer/],
    [
      'another subprotocol',
      switching({ 'Sec-WebSocket-Protocol': 'x' }),
      'ws-subprotocol-unasked',
      /Offer/,
      { subprotocols: ['a'] },
    ],
    ['deflate unasked', switching(DEFLATE), 'ws-extension-unasked', /switch compression on/, { compression: false }],
    ['another extension', switching({ 'Sec-WebSocket-Extensions': 'foo' }), 'ws-extension-unasked', /foo|compression/],
    [
      'wrong parameters',
      switching({ 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=99' }),
      'ws-extension-invalid',
      /Switch compression off/,
    ],
    ['garbage', answering(hex('00ff17fe0a0d0a')), 'http-not-http', /another protocol/],
    ['another protocol', answering('SSH-2.0-OpenSSH_9.2\r\n'), 'http-not-http', /another protocol/],
    ['TLS', answering(hex('15030300020228')), 'tls-failed', /Try wss:/],
    [
      'a head without end',
      answering(`HTTP/1.1 101 X\r\n${'X-A: b\r\n'.repeat(20_000)}`),
      'http-head-too-large',
      /repeat/,
    ],
    ['no header', answering(`${SWITCH}no colon\r\n\r\n`), 'http-header-line', /up to the mistake/],
    ['a cut head', answering(`${SWITCH}Sec-`, (socket) => socket.end()), 'net-closed', /gave up/],
    ['an end', () => serveTcp((socket) => socket.once('data', () => socket.end())), 'net-closed', /gave up/],
    [
      'a reset',
      () => serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
      'net-reset',
      /crashed/,
    ],
    ['nobody', () => closedPort(), 'net-refused', /Check the port/],
  ])('%s', async (_name, serve, finding, hint, request) => {
    const [library, raw] = await both(serve, request)
    expect(raw).toEqual(library)
    expect(raw).toMatchObject({ how: 'failed', rows: [{ message: raw.words, findings: [finding] }] })
    expect(raw.rows[0]!.hint).toMatch(hint)
    expect(raw.words).not.toMatch(/101 Switching Protocols instead|error status/)
  })
})

const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024))

describe('frames that end it', () => {
  /** `finding` is that of the raw probe, `library` that of `ws` where it tells less. */
  test.each<[name: string, bytes: Uint8Array, finding: FindingId, more?: { deflate?: true; library?: FindingId }]>([
    ['a reserved opcode', hex('8300'), 'ws-opcode'],
    ['a reserved control opcode', hex('8b00'), 'ws-opcode'],
    ['a continuation of nothing', hex('8001 41'), 'ws-continuation-unexpected'],
    ['a message inside another', hex('0101 41 8101 42'), 'ws-continuation-expected'],
    ['half a close code', hex('8801 03'), 'ws-close-length'],
    ['a reserved bit', hex('a100'), 'ws-rsv'],
    ['RSV1 without compression', hex('c100'), 'ws-rsv'],
    ['a masked frame', hex('8181 00000000 41'), 'ws-masked-server'],
    ['a fragmented ping', hex('0900'), 'ws-control-fragmented'],
    ['a ping of 126 bytes', hex('897e 007e'), 'ws-control-length'],
    ['bad UTF-8', hex('8101 ff'), 'ws-utf8'],
    ['bad UTF-8 across fragments', hex('0101 c3 8001 28'), 'ws-utf8'],
    ['close code 1005', hex('8802 03ed'), 'ws-close-code'],
    ['a frame of 2^40 bytes', hex('827f 0000010000000000'), 'ws-too-large'],
    ['a frame of 2^53 bytes', hex('827f 0020000000000000'), 'ws-too-large'],
    ['a message of 64 MiB and a byte, in two frames', hex('0201 41 807f 0000000004000000'), 'ws-too-large'],
    ['what cannot be inflated', hex('c103 ffffff'), 'ws-inflate', { deflate: true }],
    ['RSV1 on a ping', hex('c900'), 'ws-rsv', { deflate: true }],
    // `ws` has one error for two rules, or reads the length before it judges it.
    ['a close reason in bad UTF-8', hex('8803 03e8 ff'), 'ws-close-reason', { library: 'ws-utf8' }],
    ['a length of 2^63', hex('827f 8000000000000000'), 'ws-length-msb', { library: 'ws-too-large' }],
    ['RSV1 inside a message', hex('4101 00 c001 00'), 'ws-rsv1-continuation', { deflate: true, library: 'ws-rsv' }],
    [
      'a message that inflates without end',
      encodeFrame({ opcode: 2, rsv: 4, payload: bomb }),
      'ws-inflate-limit',
      { deflate: true, library: 'ws-too-large' },
    ],
  ])('%s', async (_name, bytes, finding, { deflate, library: less } = {}) => {
    const [library, raw] = await both(switching(deflate ? DEFLATE : {}, bytes), { compression: deflate === true })
    expect(raw).toMatchObject({ how: 'failed', rows: [{ message: raw.words, findings: [finding] }] })
    if (less === undefined) expect(raw).toEqual(library)
    else expect(library).toMatchObject({ how: 'failed', rows: [{ findings: [less] }] })
    const large = finding === 'ws-too-large' || finding === 'ws-inflate-limit'
    expect(raw.words).toMatch(large ? /is larger than the limit\.$/ : /^The server broke the protocol: .*\.$/)
    expect(raw.rows[0]!.hint).toMatch(large ? /1009/ : /./)
  })
})

test.each<[name: string, bytes: string, words: string]>([
  ['a code', '8802 03e8', 'Closed with 1000 normal closure.'],
  ['a code and a reason', '8805 03f3 6f6f70', 'Closed with 1011 internal error: oop.'],
  ['nothing', '8800', 'Closed without a code.'],
])('a close with %s is an end', async (_name, bytes, words) => {
  const [library, raw] = await both(switching({}, hex(bytes)))
  expect(raw).toEqual(library)
  expect(raw).toEqual({ how: 'ended', words, rows: [] })
})

test('a reset behind the close frames is told, and the WebSocket was closed all the same', async () => {
  const serve: Serve = () =>
    serveTcp((socket) => {
      socket.once('data', (request: Buffer) => {
        const key = /^sec-websocket-key: (.*)\r$/im.exec(request.toString('latin1'))?.[1] ?? ''
        socket.write(`${SWITCH}Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`)
        socket.write(hex('8802 03e8'))
        socket.once('data', () => socket.resetAndDestroy()) // the answer to it
      })
    })
  const [library, raw] = await both(serve)
  expect(raw).toEqual(library)
  expect(raw).toMatchObject({
    how: 'ended',
    words: 'Closed with 1000 normal closure.',
    rows: [{ findings: ['net-reset'] }],
  })
})
