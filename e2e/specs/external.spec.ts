/** A server that is not ours, in a process of its own, on a library that we do not use: every byte as it must be. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { text as readAll } from 'node:stream/consumers'
import { SCRIPT } from '../servers/faye-script.ts'
import { startServer, type ServerProcess } from '../servers/start.ts'
import { expect, startCli, test } from '../fixtures.ts'
import { headLength, headerLines, hexBytes, inspector } from '../pages/inspector.ts'
import { askFor } from '../pages/request.ts'

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11' // RFC 6455 1.3
const ANSWER = 'HTTP/1.1 101 Switching Protocols'

let server: ServerProcess
test.beforeAll(async () => {
  server = await startServer('faye')
})
test.afterAll(() => server.stop())

const webSocketUrl = (): string => `ws://127.0.0.1:${server.port}/greet?who=me`
const eventsUrl = (): string => `http://127.0.0.1:${server.port}/events`

/** An unmasked frame with the shortest length form (RFC 6455 5.2). */
function serverFrame(opcode: number, payload: Buffer): Buffer {
  const header = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([0x80 | opcode, ...header]), payload])
}

const closePayload = Buffer.concat([
  Buffer.from([SCRIPT.close.code >> 8, SCRIPT.close.code & 0xff]),
  Buffer.from(SCRIPT.close.reason),
])

/** What the server sends before anyone asks, and what it answers to the ping, in order. */
const FRAMES = [
  { kind: 'text', bytes: serverFrame(1, Buffer.from(SCRIPT.text)), summary: SCRIPT.text },
  { kind: 'binary', bytes: serverFrame(2, Buffer.from(SCRIPT.binary)), summary: null },
  { kind: 'ping', bytes: serverFrame(9, Buffer.from(SCRIPT.ping)), summary: `"${SCRIPT.ping}"` },
  { kind: 'text', bytes: serverFrame(1, Buffer.from(SCRIPT.long)), summary: SCRIPT.long },
] as const

for (const raw of [false, true]) {
  test(`WebSocket, ${raw ? 'probe by hand' : 'probe on ws'}: handshake, frames, ping and pong, close`, async ({
    app,
  }) => {
    const window = inspector(app.window)
    await window.typeUrl(webSocketUrl())
    await askFor(app.window, { raw, compression: false, subprotocols: `other, ${SCRIPT.subprotocol}` })
    await window.connect()
    await expect(window.rows('text', SCRIPT.long)).toBeVisible()

    // The handshake.
    await window.open(window.rows('response'))
    const handshake = await window.tab('Handshake')
    await expect(handshake.getByText('They match')).toBeVisible() // all of it is fetched
    const request = await headerLines(handshake.getByRole('region', { name: 'Request', exact: true }))
    const answer = await headerLines(handshake.getByRole('region', { name: 'Response', exact: true }))
    const key = new Map(request).get('Sec-WebSocket-Key')!
    expect(answer).toEqual([
      ['Upgrade', 'websocket'],
      ['Connection', 'Upgrade'],
      [
        'Sec-WebSocket-Accept',
        createHash('sha1')
          .update(key + MAGIC)
          .digest('base64'),
      ],
      ['Sec-WebSocket-Protocol', SCRIPT.subprotocol],
    ])
    expect(new Map(request).get('Sec-WebSocket-Protocol')!.split(/, ?/)).toEqual(['other', SCRIPT.subprotocol])
    expect((await window.cells(window.rows('request'))).wire).toBe(headLength('GET /greet?who=me HTTP/1.1', request))
    expect((await window.cells(window.rows('response'))).wire).toBe(headLength(ANSWER, answer))

    // Its frames, byte by byte.
    for (const { kind, bytes, summary } of FRAMES) {
      const row = summary === null ? window.rows(kind) : window.rows(kind, summary)
      await expect(row).toHaveCount(1)
      const cells = await window.cells(row)
      const header = bytes[1] === 126 ? 4 : 2
      expect(cells).toMatchObject({ who: 'server', wire: bytes.length, payload: bytes.length - header })
      if (summary !== null) expect(cells.summary).toBe(summary)
      await window.open(row)
      const panel = await window.tab('Frame')
      expect((await hexBytes(panel)).startsWith(bytes.subarray(0, 64).toString('hex'))).toBe(true)
      for (const field of ['FIN 1', 'RSV1 0', 'RSV2 0', 'RSV3 0', 'MASK 0', `Payload length ${bytes[1]}`])
        await expect(panel.getByRole('button', { name: field, exact: true })).toBeVisible()
    }
    const pong = await window.cells(window.rows('pong'))
    expect(pong).toMatchObject({ who: 'client', wire: 6 + SCRIPT.ping.length })
    expect(pong.summary).toMatch(/^"still there\?" {2}rtt [\d.]+ ms$/)

    // A message there, its echo, and the close it was asked for.
    await window.send('Text', 'ready')
    await expect(window.rows('text', 'ready')).toHaveCount(2)
    await window.send('Text', SCRIPT.goodbye)
    const closes = window.rows('close', String(SCRIPT.close.code))
    await expect(closes).toHaveCount(3) // both frames, and the row that says how it ended
    expect(await window.cells(closes.nth(0))).toMatchObject({ who: 'server', wire: 2 + closePayload.length })
    expect(await window.cells(closes.nth(1))).toMatchObject({ who: 'client' })
    await window.open(closes.nth(0))
    const frame = await window.tab('Frame')
    expect(await hexBytes(frame)).toBe(serverFrame(8, closePayload).toString('hex'))
    await expect(frame).toContainText(SCRIPT.close.reason)
    await expect(window.status).toContainText('Closed')
    await expect(app.window.getByRole('button', { name: /^Findings/ })).toHaveText(/Findings\s*0/)
  })
}

test('Server-Sent Events: id, event, data, retry, comment and the reconnect with the last event ID', async ({
  app,
}) => {
  const window = inspector(app.window)
  await window.typeUrl(eventsUrl())
  await window.connect()
  await expect(window.rows('event', `after ${SCRIPT.named.id}`).first()).toBeVisible()
  await window.disconnect()

  // The server ends lines with CRLF and keeps a line's own end inside the data.
  const plain = await window.cells(window.rows('event', SCRIPT.plain).first())
  expect(plain).toMatchObject({ who: 'server', wire: `data: ${SCRIPT.plain}\r\n\r\n`.length, payload: 5 })
  const [first, second] = SCRIPT.named.lines
  const block = `event: ${SCRIPT.named.event}\r\nid: ${SCRIPT.named.id}\r\ndata: ${first}\ndata: ${second}\r\n\r\n`
  const named = window.rows('event', SCRIPT.named.event).first()
  expect(await window.cells(named)).toMatchObject({ wire: block.length, payload: `${first}\n${second}`.length })
  const comment = await window.cells(window.rows('comment').first())
  expect([comment.who, comment.wire]).toEqual(['server', 3])
  const retry = await window.cells(window.rows('retry').first())
  expect([retry.summary, retry.wire]).toEqual(['reconnect after 1500 ms', `retry: 1500\r\n`.length])

  await window.open(named)
  const panel = await window.tab('Event')
  const fields = panel.getByRole('region', { name: 'Event', exact: true })
  await expect(fields).toContainText(new RegExp(`event\\s*${SCRIPT.named.event}`))
  await expect(fields).toContainText(new RegExp(`id\\s*${SCRIPT.named.id}`))
  const lines = panel.getByRole('region', { name: 'Lines' }).getByRole('listitem')
  await expect(lines).toHaveCount(5)
  for (const [index, words] of [`event: ${SCRIPT.named.event}`, `id: 99`, 'data: first', 'data: second'].entries())
    await expect(lines.nth(index)).toContainText(words)
  await expect(lines.nth(0)).toContainText('CRLF')
  await expect(lines.nth(2)).not.toContainText('CRLF')

  await window.open(window.rows('response').first())
  const answer = await headerLines(await window.tab('Response'))
  expect(answer).toEqual([
    ['Content-Type', 'text/event-stream'],
    ['Cache-Control', 'no-cache, no-store'],
    ['Connection', 'close'],
  ])
  await window.open(window.rows('request').nth(1))
  const again = await headerLines(await window.tab('Request'))
  expect(new Map(again.map(([name, value]) => [name.toLowerCase(), value])).get('last-event-id')).toBe('99')
})

type Row = Record<string, unknown> & { kind: string }

async function capture(args: readonly string[]): Promise<{ code: number; rows: Row[] }> {
  const child = startCli(['capture', ...args])
  const exit = once(child, 'exit') as Promise<[number]>
  const output = await readAll(child.stdout!)
  const [code] = await exit
  return {
    code,
    rows: output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
  }
}

for (const raw of [[], ['--raw']]) {
  test(`the command line${raw.length > 0 ? ', by hand' : ''}: a WebSocket as NDJSON`, async () => {
    const { code, rows } = await capture([
      webSocketUrl(),
      ...raw,
      '--subprotocol',
      SCRIPT.subprotocol,
      '-H',
      'X-Mine: yes',
      '--send',
      SCRIPT.goodbye,
    ])
    expect(code).toBe(0)
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1))
    const [request] = rows.filter(({ kind }) => kind === 'http-request')
    expect(request).toMatchObject({ from: 'client', method: 'GET', target: '/greet?who=me' })
    expect(request!['headers']).toContainEqual(['X-Mine', 'yes'])
    const [answer] = rows.filter(({ kind }) => kind === 'http-response')
    expect(answer).toMatchObject({ from: 'server', status: 101, reason: 'Switching Protocols' })
    expect(answer!['headers']).toContainEqual(['Sec-WebSocket-Protocol', SCRIPT.subprotocol])

    const frames = rows.filter(({ kind, from }) => kind === 'ws-frame' && from === 'server')
    const [text, binary] = frames
    expect(text).toMatchObject({ opcode: 1, fin: true, rsv: 0, masked: false, text: SCRIPT.text })
    expect(text!['wireLength']).toBe(2 + Buffer.byteLength(SCRIPT.text))
    expect(binary).toMatchObject({ opcode: 2, length: 6, base64: Buffer.from(SCRIPT.binary).toString('base64') })
    expect(frames.find(({ opcode }) => opcode === 9)).toMatchObject({ text: SCRIPT.ping, length: SCRIPT.ping.length })
    const mine = rows.filter(({ kind, from }) => kind === 'ws-frame' && from === 'client')
    expect(mine.find(({ opcode }) => opcode === 1)).toMatchObject({
      text: SCRIPT.goodbye,
      masked: true,
      maskKey: expect.stringMatching(/^[0-9a-f]{8}$/),
      wireLength: 6 + SCRIPT.goodbye.length,
    })
    expect(rows.at(-1)).toMatchObject({ kind: 'close', ...SCRIPT.close, by: 'server', clean: true })
  })
}

test('the command line: Server-Sent Events as NDJSON', async () => {
  const { code, rows } = await capture([eventsUrl(), '--no-reconnect'])
  expect(code).toBe(0)
  const stream = rows.filter(({ kind }) => kind.startsWith('sse-'))
  // When it came and where it stands in the capture is no matter of the server's bytes.
  const own = stream.map((row) => ({ ...row, seq: 0, t: 0, at: '', connection: 1 }))
  const common = { seq: 0, t: 0, at: '', connection: 1, from: 'server' }
  expect(own).toEqual([
    { ...common, kind: 'sse-retry', wireLength: 13, retry: SCRIPT.retry },
    { ...common, kind: 'sse-event', wireLength: 15, event: 'message', data: SCRIPT.plain, id: '' },
    { ...common, kind: 'sse-comment', wireLength: 3, text: '' },
    {
      ...common,
      kind: 'sse-event',
      wireLength: 'event: notification\r\nid: 99\r\ndata: first\ndata: second\r\n\r\n'.length,
      event: 'notification',
      data: 'first\nsecond',
      id: '99',
    },
  ])
})
