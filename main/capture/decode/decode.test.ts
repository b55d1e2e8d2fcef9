import { describe, expect, it } from 'vitest'
import type { DetailsByKind } from '../../../preload/contract/index.ts'
import type { Capture } from '../capture.ts'
import type { LocalKind } from '../recorder.ts'
import { temporaryCapture } from '../testing/temporary.ts'
import { answer, chunk, GET, play } from '../testing/transcript.ts'
import { MASKED_HELLO, REQUEST, RESPONSE, serverFrame } from '../testing/websocket.ts'

/** The lists of rows as a person reads them: label, summary, tag. */
const listed = (capture: Capture): string[] =>
  capture.reader
    .summaries(0, 0, 500)
    .map(({ label, summary, tag }) => [label, summary, tag && `[${tag}]`].filter(Boolean).join(' | '))

/** Of each row: the exchange it belongs to, by the target of the request and the X-N of the answer, or its status. */
const exchanges = ({ reader }: Capture): string[] =>
  Array.from({ length: reader.count }, (_, i) => {
    const { request, response } = reader.handshake(i + 1)!
    const number = response?.headers.find(([name]) => name === 'X-N')?.[1] ?? response?.status
    return `${reader.detail(i + 1)!.kind}: ${request?.target} ${number ?? '–'}`
  })

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('summaries', () => {
  it('of a WebSocket', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', [
      ['client', REQUEST],
      ['server', RESPONSE],
      ['client', MASKED_HELLO],
      ['server', serverFrame(0x82, latin1('\x84\xa4type'))],
      ['server', serverFrame(0x01, 'one ')],
      ['server', serverFrame(0x00, 'two ')],
      ['server', serverFrame(0x80, 'three')],
      ['server', serverFrame(0x81, latin1('caf\xff'))],
      ['server', serverFrame(0x81, 'a\u202eb\n')],
      ['server', serverFrame(0x88, latin1('\x03\xefbad'))],
    ])
    expect(listed(capture).slice(0, 11)).toEqual([
      'request | GET /clock HTTP/1.1',
      'response | 101 Switching Protocols',
      'text | Hello',
      'binary | 84 a4 74 79 70 65',
      'text ⟨1/3 | one ',
      'cont. 2/3 | two ',
      'cont. 3/3⟩ | three',
      'message | 3 frames · one two three',
      'text | caf\ufffd | [bad UTF-8]',
      'text | aU+202Eb␊',
      'close | 1007 invalid payload data · "bad"',
    ])
  })

  it('of fragments while their message is not finished', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', [
      ['client', REQUEST],
      ['server', RESPONSE],
      ['server', serverFrame(0x02, latin1('\x01'))],
      ['server', serverFrame(0x00, latin1('\x02'))],
    ])
    expect(listed(capture).slice(2)).toEqual(['binary ⟨ | 01', 'cont. | 02'])
  })

  it('of events and polls', () => {
    const capture = temporaryCapture()
    play(capture, 'sse', [
      ['client', GET],
      ['server', answer('text/event-stream', 'Transfer-Encoding: chunked', '')],
      ['server', chunk(': hi\nretry: 10\n\nid: 7\nevent: tick\ndata: a\ndata: b\n\nevent: x\n\nid: 8\n\n')],
      ['server', '0\r\n\r\n'],
    ])
    play(capture, 'polling', [
      ['client', GET],
      ['server', answer('application/json', 'Cache-Control: no-store\r\nContent-Length: 2', '{}')],
      ['client', GET],
      ['server', 'HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n'],
    ])
    const rows = listed(capture).map((row) => row.replace(/waited [\d.]+ (µs|ms)/, 'waited a while'))
    expect(rows.slice(3, 9)).toEqual([
      'comment |  hi'.replace('  ', ' '),
      'retry | reconnect after 10 ms',
      'event | tick · id 7 · a␊b',
      'event | event: x | [dropped]',
      'id | 8',
      'chunk | end of the body',
    ])
    expect(rows.slice(9)).toEqual([
      'request | GET /clock HTTP/1.1',
      'response | 200 OK',
      'body | {}',
      'poll | 200 · 2 B · waited a while',
      'request | GET /clock HTTP/1.1',
      'response | 204 No Content',
      'poll | 204 · no news · waited a while',
    ])
  })

  const local: { [K in LocalKind]?: [details: DetailsByKind[K], line: string] } = {
    connect: [
      { local: '127.0.0.1:51544', remote: '127.0.0.1:8004', by: 'probe' },
      'connect | 127.0.0.1:51544 → 127.0.0.1:8004',
    ],
    reconnect: [
      { attempt: 1, delay: 1_000, lastEventId: '41', why: 'it ended' },
      'reconnect | attempt 1, waited 1,000 ms · Last-Event-ID 41 · it ended',
    ],
    close: [
      { code: 1006, by: 'server', clean: false, how: 'no close frame' },
      'close | 1006 abnormal closure · by server · not clean · no close frame | [1006]',
    ],
    error: [{ code: 'x', message: 'Refused.', hint: 'Start it.' }, 'error | Refused. Start it.'],
    'api-event': [
      { api: 'WebSocket', event: 'onclose', text: '1006, not clean' },
      'api-event | WebSocket.onclose  1006, not clean',
    ],
    note: [{ text: 'a note' }, 'note | a note'],
  }
  it.each(Object.entries(local))('of a local row: %s', (kind, [details, line]) => {
    const capture = temporaryCapture()
    capture.recorder.local({ kind: kind as 'note', details: details as DetailsByKind['note'] })
    expect(listed(capture)).toEqual([line])
    expect(capture.reader.summaries(0, 0, 1)[0]).toMatchObject({ from: 'local', wireLength: null, payloadLength: null })
  })
})

describe('details', () => {
  it('of a frame that came in two chunks', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', [
      ['client', REQUEST],
      ['server', RESPONSE],
      ['client', MASKED_HELLO.subarray(0, 4)],
      ['client', MASKED_HELLO.subarray(4)],
    ])
    const detail = capture.reader.detail(3)!
    expect(detail.arrivals.map(({ streamOffset, length }) => [streamOffset, length])).toEqual([
      [REQUEST.length, 4],
      [REQUEST.length + 4, 7],
    ])
    expect(detail).toMatchObject({
      streamOffset: REQUEST.length,
      sizes: { wire: 11, payload: 5, content: 5 },
      contentType: 'text',
      frame: { opcodeName: 'text', maskKey: '37fa213d', payloadUnmasked: 'SGVsbG8=', utf8ErrorAt: -1 },
    })
    expect(capture.reader.detail(4)).toBeNull()
  })

  it('relate ping and pong, close and close, fragments and message', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', [
      ['client', REQUEST],
      ['server', RESPONSE],
      ['server', serverFrame(0x89, 'x')], // 3
      ['server', serverFrame(0x01, 'a')], // 4
      ['client', latin1('\x8a\x81\x01\x00\x00\x00\x79')], // 5
      ['server', serverFrame(0x80, 'b')], // 6, and the message 7
      ['server', serverFrame(0x88, '')], // 8
      ['client', latin1('\x88\x80\x01\x00\x00\x00')], // 9
    ])
    const related = (seq: number): string[] =>
      capture.reader.detail(seq)!.related.map((other) => `${other.label} ${other.seq}`)
    expect([3, 4, 5, 6, 7, 8, 9].map(related)).toEqual([
      ['pong 5'],
      ['fragment 2/2 6', 'message 7'],
      ['ping 3'],
      ['fragment 1/2 4', 'message 7'],
      ['fragment 1/2 4', 'fragment 2/2 6'],
      ['close 9'],
      ['close 8'],
    ])
    expect(capture.reader.detail(4)!.details).toEqual({ messageSeq: 7 })
    expect(capture.reader.detail(3)!.related[0]!.delta).toBeGreaterThan(0)
    expect(capture.reader.summaries(0, 4, 1)[0]!.summary).toMatch(/^"x" {2}rtt \d/)
  })

  it('relate request, response and poll, and give the poll its body', () => {
    const capture = temporaryCapture()
    play(capture, 'polling', [
      ['client', GET],
      ['server', answer('application/json', 'Transfer-Encoding: chunked', chunk('{"a":') + chunk('1}') + '0\r\n\r\n')],
    ])
    const last = capture.reader.count
    const labels = (seq: number): string[] => capture.reader.detail(seq)!.related.map(({ label }) => label)
    expect(capture.reader.detail(last)!.kind).toBe('poll')
    expect([1, 2, last].map(labels)).toEqual([
      ['response', 'poll'],
      ['request', 'poll'],
      ['request', 'response'],
    ])
    expect(Buffer.from(capture.reader.bytes(last, 'content', 0, 99)).toString()).toBe('{"a":1}')
    expect(capture.reader.detail(last)).toMatchObject({ contentType: 'json', sizes: { content: 7 } })
    expect(Buffer.from(capture.reader.bytes(3, 'content', 1, 3)).toString()).toBe('"a"')
  })

  it('show the lines of an event', () => {
    const capture = temporaryCapture()
    play(capture, 'sse', [
      ['client', GET],
      ['server', answer('text/event-stream', 'Transfer-Encoding: chunked', '')],
      ['server', chunk('id: 1\nda')],
      ['server', chunk('ta: x\r\n\n')],
    ])
    const event = capture.reader.summaries(0, 0, 99).find((row) => row.kind === 'sse-event')!
    const { sse, sizes } = capture.reader.detail(event.seq)!
    expect(sse?.lines.map(({ text, end, role }) => [text, end, role])).toEqual([
      ['id: 1', 'LF', 'id'],
      ['data: x', 'CRLF', 'data'],
      ['', 'LF', 'blank'],
    ])
    expect(sizes).toMatchObject({ payload: 1, content: 1 })
  })
})

it('a script is a call or an assignment as written, or its own text', () => {
  const capture = temporaryCapture()
  const scripts = ['parent.tick({a:1})', 'document.title = "x"', 'document.body.innerHTML += f()', 'tick(1)', 'a == b']
  const page = scripts.map((script) => `<script>${script}</script>`).join('')
  play(capture, 'iframe-stream', [
    ['client', GET],
    ['server', answer('text/html', `Content-Length: ${page.length}`, page)],
  ])
  const rows = capture.reader.summaries(0, 0, 99).filter(({ kind }) => kind === 'script-call')
  expect(rows.map(({ summary }) => summary)).toEqual([
    'parent.tick({"a":1})',
    'document.title = "x"',
    'document.body.innerHTML += f()',
    '<script>tick(1)</script>',
    '<script>a == b</script>',
  ])
})

describe('a handshake', () => {
  it('has the steps of the accept value (RFC 6455 1.3)', () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.local({ kind: 'connect', details: { local: 'a', remote: 'b', by: 'probe' } })
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    const handshake = capture.reader.handshake(1)
    expect(handshake).toMatchObject({
      connect: { local: 'a' },
      tls: null,
      requestSeq: 2,
      responseSeq: 3,
      accept: { sha1: 'b37a4f2cc0624f1690f64606cf385945b2bec4ea', matches: true },
      findings: [],
    })
  })

  it('says what is wrong with it, each thing once', () => {
    const capture = temporaryCapture()
    play(capture, 'websocket', [
      ['client', REQUEST],
      ['server', RESPONSE.toString('latin1').replace('s3pP', 'XXXX')],
    ])
    const { accept, findings } = capture.reader.handshake(1)!
    expect(accept?.matches).toBe(false)
    expect(findings.map(({ id }) => id)).toEqual(['ws-accept-wrong'])
  })

  it('passes over interim answers and other connections', () => {
    const capture = temporaryCapture()
    const [one, two] = [capture.recorder.connection('polling'), capture.recorder.connection('polling')]
    one.bytes(0, latin1(GET))
    two.bytes(0, latin1(GET.replace('clock', 'two')))
    two.bytes(1, latin1('HTTP/1.1 100 Continue\r\n\r\n'))
    one.bytes(1, latin1('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
    two.bytes(1, latin1('HTTP/1.1 204 No Content\r\n\r\n'))
    expect(capture.reader.handshake(1)).toMatchObject({ request: { target: '/clock' }, response: { status: 404 } })
    expect(capture.reader.handshake(2)).toMatchObject({ request: { target: '/two' }, response: { status: 204 } })
    expect(capture.reader.handshake(99)).toBeNull()
  })

  it('is that of the row on a kept-alive connection, for every kind of row', () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('polling')
    connection.local({ kind: 'connect', details: { local: 'a', remote: 'b', by: 'probe' } })
    for (const n of [1, 2, 3]) {
      connection.bytes(0, latin1(`POST /${n} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n${n}`))
      connection.bytes(1, latin1('HTTP/1.1 100 Continue\r\n\r\n'))
      connection.bytes(1, latin1(answer('text/plain', `X-N: ${n}\r\nContent-Length: 2`, 'ok')))
    }
    connection.bytes(0, latin1(GET)) // no answer
    connection.local({ kind: 'error', details: { code: '', message: 'gone', hint: '' } })
    expect(exchanges(capture)).toEqual([
      'connect: /1 1',
      ...[1, 2, 3].flatMap((n) =>
        ['http-request', 'http-body', 'http-response', 'http-response', 'http-body', 'poll'].map(
          (kind) => `${kind}: /${n} ${n}`,
        ),
      ),
      'http-request: /clock –',
      'error: /clock –',
    ])
    expect(capture.reader.handshake(capture.reader.count)).toMatchObject({ connection: 1, connect: { local: 'a' } })
  })

  it('of a body is that of its answer, whatever was asked meanwhile; of frames that of the switch', () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('polling')
    for (const n of [1, 2]) connection.bytes(0, latin1(GET.replace('clock', String(n))))
    for (const n of [1, 2]) connection.bytes(1, latin1(answer('text/plain', `X-N: ${n}\r\nContent-Length: 2`, 'ok')))
    play(capture, 'websocket', [
      ['client', GET],
      ['server', answer('text/plain', 'X-N: 0\r\nContent-Length: 2', 'no')],
      ['client', REQUEST.toString('latin1').replace('/clock', '/socket')],
      ['server', RESPONSE],
      ['client', MASKED_HELLO],
      ['server', serverFrame(0x81, 'x')],
    ])
    expect(exchanges(capture)).toEqual([
      'http-request: /1 1',
      'http-request: /2 2',
      ...[1, 2].flatMap((n) => ['http-response', 'http-body', 'poll'].map((kind) => `${kind}: /${n} ${n}`)),
      ...['http-request', 'http-response', 'http-body'].map((kind) => `${kind}: /clock 0`),
      ...['http-request', 'http-response', 'ws-frame', 'ws-frame'].map((kind) => `${kind}: /socket 101`),
    ])
  })

  it('is found from the end of a long stream', () => {
    const capture = temporaryCapture()
    const connection = capture.recorder.connection('websocket')
    connection.bytes(0, latin1(GET))
    connection.bytes(1, latin1('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'))
    connection.bytes(0, REQUEST)
    connection.bytes(1, RESPONSE)
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => serverFrame(0x81, 'x')))
    for (let i = 0; i < 10; i++) connection.bytes(1, many)
    expect(capture.reader.handshake(capture.reader.count)).toMatchObject({ response: { status: 101 } })
  })
})
