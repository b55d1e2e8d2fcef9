/** What is found inside the bodies of answers, and what their heads tell, by technique. */
import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { DetailsByKind, FindingId, Technique } from '../../preload/contract/index.ts'
import { createConnectionDissector } from './connection.ts'
import { DEFAULT_LIMITS } from '../../preload/contract/index.ts'
import { byteByByte, client, cutAt, cutFree, END, lineOf, longest, play, server, type Play } from './testing/play.ts'
import { createRecordingSink } from './testing/recording-sink.ts'

const chunk = (data: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])

/** Compressed event by event, flushed behind each, as a live server must. */
async function flushed(events: readonly string[]): Promise<Uint8Array[]> {
  const gzip = createGzip()
  const pieces: Uint8Array[] = []
  gzip.on('data', (piece: Uint8Array) => pieces.push(piece))
  const out: Uint8Array[] = []
  const take = (): void => {
    out.push(Buffer.concat(pieces.splice(0)))
  }
  for (const event of events) {
    gzip.write(event)
    await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, done))
    take()
  }
  await new Promise<void>((done) => gzip.once('end', done).end())
  take()
  return out
}

const sameHoweverCut = (session: Play): void => {
  const rows = cutFree(play(session))
  expect(cutFree(play(session, byteByByte))).toEqual(rows)
  for (let point = 1; point < longest(session); point += 7) expect(cutFree(play(session, cutAt(point)))).toEqual(rows)
}

const head = (...headers: string[]): string => `HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n`
const GET = 'GET /clock HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n'

describe('event streams', () => {
  test('chunked and gzipped: each event is a row behind the chunk it came in', async () => {
    const coded = await flushed(['data: one\n\n', ': quiet\n\nid: 7\ndata: two\n\n'])
    const session: Play = {
      technique: 'sse',
      steps: [
        client(GET),
        server(head('Content-Type: text/event-stream', 'Content-Encoding: gzip', 'Transfer-Encoding: chunked')),
        ...coded.map((piece) => server(chunk(piece))),
        server('0\r\n\r\n'),
        server(END),
        client(END),
      ],
    }
    const rows = play(session)
    expect(rows.map(({ kind }) => kind)).toEqual([
      'http-request',
      'http-response',
      'http-body',
      'sse-event',
      'http-body',
      'sse-comment',
      'sse-event',
      'http-body',
      'http-body',
      'close',
    ])
    const [first] = rows.filter(({ kind }) => kind === 'http-body')
    expect(Buffer.from(first!.content!).toString()).toBe('data: one\n\n')
    expect(first!.details).toMatchObject({ framing: 'chunked', coding: 'gzip' })
    expect(first!.payloadLength).toBe(coded[0]!.length)
    expect(rows.flatMap(({ findings }) => findings)).toEqual([])
    sameHoweverCut(session)
  })

  test('events cut by chunks are found all the same', () => {
    const body = [...'data: hello\n\n'].map((char) => `1\r\n${char}\r\n`).join('')
    const session: Play = {
      steps: [client(GET), server(`${head('Content-Type: text/event-stream', 'Transfer-Encoding: chunked')}${body}`)],
    }
    expect(play(session).filter(({ kind }) => kind === 'sse-event')).toHaveLength(1)
    sameHoweverCut(session)
  })

  test('the ID that the client came back with holds until the stream sets another', () => {
    const asked = Buffer.from(GET.replace('\r\n\r\n', '\r\nLast-Event-ID: 7ü\r\n\r\n'), 'utf8')
    const text = `${head('Content-Type: text/event-stream')}data: 1\n\nid: 8\n\ndata: 2\n\nid\n\ndata: 3\n\n`
    const session: Play = { steps: [client(asked), server(text), server(END), client(END)] }
    const events = play(session).filter(({ kind }) => kind === 'sse-event')
    expect(events.map(({ details }) => details)).toEqual([{ id: '7ü' }, { id: '8' }, null])
    sameHoweverCut(session)
  })

  test('an uncompressed event lies where its row says', () => {
    const text = `${head('Content-Type: text/event-stream')}data: 1\n\ndata: 2\n\n`
    const events = play({ steps: [client(GET), server(text)] }).filter(({ kind }) => kind === 'sse-event')
    expect(events.map(({ wireOffset, wireLength }) => text.slice(wireOffset, wireOffset + wireLength))).toEqual([
      'data: 1\n\n',
      'data: 2\n\n',
    ])
  })

  test('corrupt compression: one finding, no events out of thin air', () => {
    const session: Play = {
      technique: 'sse',
      steps: [
        client(GET),
        server(head('Content-Type: text/event-stream', 'Content-Encoding: br', 'Transfer-Encoding: chunked')),
        server(chunk(Buffer.from('data: plain\n\n'))),
        server(chunk(Buffer.from('data: plain\n\n'))),
      ],
    }
    const rows = play(session)
    expect(rows.flatMap(({ findings }) => findings.map(({ id }) => id))).toEqual(['http-content-coding'])
    expect(rows.map(({ kind }) => kind)).not.toContain('sse-event')
  })

  test('the technique may become known behind the head', () => {
    const sink = createRecordingSink()
    const dissector = createConnectionDissector(sink, { technique: null, limits: DEFAULT_LIMITS })
    dissector.feed(0, Buffer.from(GET), 1)
    dissector.feed(1, Buffer.from(head('Content-Type: text/plain')), 2)
    dissector.setTechnique('sse')
    dissector.feed(1, Buffer.from('data: 1\n\n'), 3)
    expect(sink.rows.map(({ kind }) => kind)).toContain('sse-event')
  })
})

describe('who reads the body', () => {
  const SCRIPT = '<script>parent.tick(1)</script>\n'
  const found = (
    technique: Technique | null,
    type: string,
    body: string,
    more: string[] = [],
    asked = '',
  ): string[] => {
    const framing = more.length > 0 ? more : ['Transfer-Encoding: chunked']
    const bytes = framing[0]!.startsWith('T')
      ? Buffer.concat([chunk(Buffer.from(body)), Buffer.from('0\r\n\r\n')])
      : body
    const rows = play({
      technique,
      steps: [
        client(`GET /x HTTP/1.1\r\nHost: a\r\n${asked}\r\n`),
        server(Buffer.concat([Buffer.from(head(`Content-Type: ${type}`, ...framing)), Buffer.from(bytes as string)])),
      ],
    })
    return [...new Set(rows.map(({ kind }) => kind))].filter((kind) => kind.startsWith('s'))
  }
  const length = [`Content-Length: ${SCRIPT.length}`]
  const events = 'data: 1\n\n'

  test.each<[what: string, kinds: string[], expected: string[]]>([
    ['an event stream, whatever the technique', found(null, 'text/event-stream; charset=utf-8', events), ['sse-event']],
    ['plain text under sse', found('sse', 'text/plain', events), ['sse-event']],
    ['a page under sse is no stream', found('sse', 'text/html', events), []],
    ['a page under iframe streaming', found('iframe-stream', 'text/html', SCRIPT), ['script-call']],
    ['JSON under iframe streaming', found('iframe-stream', 'application/json', SCRIPT), []],
    ['the page that runs it', found('iframe-stream', 'text/html', SCRIPT, [], 'Sec-Fetch-Dest: document\r\n'), []],
    ['an endless page when nothing is known', found(null, 'text/html', SCRIPT), ['script-call']],
    ['an ordinary page when nothing is known', found(null, 'text/html', SCRIPT, length), []],
    ['the one-shot page of iframe polling', found('polling', 'text/html', SCRIPT, length), ['script-call']],
    ['JSONP', found('long-polling', 'text/javascript', 'tick({"n":1});'), ['script-call']],
    ['JSON under polling', found('polling', 'application/json', '{"n":1}'), []],
  ])('%s', (_, kinds, expected) => {
    expect(kinds).toEqual(expected)
  })
})

describe('what the head of an answer tells', () => {
  const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n'
  const findings = (technique: Technique | null, answer: string, request = REQUEST): FindingId[] =>
    play({ technique, steps: [client(`${request}\r\n`), server(`HTTP/1.1 ${answer}\r\n\r\n`)] })
      .filter(({ kind }) => kind === 'http-response')
      .flatMap((row) => row.findings.map(({ id }) => id))
  const CACHED = 'Cache-Control: no-store\r\nContent-Length: 0'

  test.each<[what: string, found: FindingId[], expected: FindingId[]]>([
    ['a good stream', findings('sse', '200 OK\r\nContent-Type: Text/Event-Stream;charset=UTF-8'), []],
    ['204 ends an EventSource', findings('sse', '204 No Content'), ['sse-no-content']],
    ['a redirect is followed', findings('sse', '307 Temporary Redirect\r\nLocation: /b\r\nContent-Length: 0'), []],
    ['404 under sse', findings('sse', '404 Not Found\r\nContent-Length: 0'), ['http-refused', 'sse-status']],
    ['206 under sse', findings('sse', '206 Partial\r\nContent-Type: text/event-stream'), ['sse-status']],
    ['a wrong type under sse', findings('sse', '200 OK\r\nContent-Type: application/json'), ['sse-content-type']],
    ['no type under sse', findings('sse', '200 OK\r\nContent-Length: 0'), ['sse-content-type']],
    ['another charset', findings(null, '200 OK\r\nContent-Type: text/event-stream;charset=latin1'), ['sse-charset']],
    [
      'an icon beside the stream',
      findings('sse', '200 OK\r\nContent-Type: image/png', `${REQUEST}Sec-Fetch-Dest: image\r\n`),
      [],
    ],
    [
      'a page with a length',
      findings('iframe-stream', '200 OK\r\nContent-Type: text/html\r\nContent-Length: 0'),
      ['iframe-complete'],
    ],
    [
      'a wrong type in an iframe',
      findings('iframe-stream', '200 OK\r\nContent-Type: text/plain'),
      ['iframe-content-type'],
    ],
    ['a poll that caches may answer', findings('polling', '200 OK\r\nContent-Length: 0'), ['poll-cache']],
    ['a poll that no cache answers', findings('long-polling', `200 OK\r\n${CACHED}`), []],
    [
      'JSONP of a wrong type',
      findings(
        'polling',
        '200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store',
        'GET /?callback=tick HTTP/1.1\r\nHost: a\r\n',
      ),
      ['jsonp-content-type'],
    ],
    [
      'a callback that is a URL is no JSONP',
      findings(
        'polling',
        '200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store',
        'GET /?callback=http://b/ HTTP/1.1\r\nHost: a\r\n',
      ),
      [],
    ],
    ['500, whatever the technique', findings(null, `500 Oops\r\n${CACHED}`), ['http-refused']],
    ['an unknown content coding goes with the body', findings(null, `200 OK\r\nContent-Encoding: compress`), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})

describe('polls', () => {
  test('a cycle is timed and counted', () => {
    const request = 'GET /clock?since=4 HTTP/1.1\r\nHost: a\r\n\r\n'
    const body = gzipSync('{"n":5}')
    const answer = head('Cache-Control: no-store', 'Content-Encoding: gzip', `Content-Length: ${body.length}`)
    const rows = play({
      technique: 'long-polling',
      steps: [
        client(request.slice(0, 10)), // at 1 ms
        client(request.slice(10)), // at 2 ms
        server('HTTP/1.1 102 Processing\r\n\r\n'), // at 3 ms
        server(answer.slice(0, 5)), // at 4 ms
        server(answer.slice(5)), // at 5 ms
        server(body), // at 6 ms
      ],
    })
    const poll = rows.at(-1)!
    expect(rows.map(({ kind }) => kind)).toEqual([
      'http-request',
      'http-response',
      'http-response',
      'http-body',
      'poll',
    ])
    expect(poll).toMatchObject({
      at: 6000,
      code: 200,
      wireOffset: 27,
      wireLength: answer.length + body.length,
      payloadLength: body.length,
    })
    expect(poll.details).toEqual({
      requestSeq: 1,
      responseSeq: 3,
      status: 200,
      waited: 2000,
      took: 5000,
      empty: false,
      headerBytes: request.length + answer.length,
      bodyBytes: body.length,
    } satisfies DetailsByKind['poll'])
  })

  test.each([
    ['204 No Content\r\n', true],
    ['304 Not Modified\r\nContent-Length: 9\r\n', true],
    ['200 OK\r\nContent-Length: 0\r\n', true],
    ['200 OK\r\nContent-Length: 1\r\n\r\n1', false],
  ])('%j: empty is %s', (answer, empty) => {
    const rows = play({ technique: 'polling', steps: [client(GET), server(`HTTP/1.1 ${answer}\r\n`)] })
    expect(rows.find(({ kind }) => kind === 'poll')?.details).toMatchObject({ empty })
  })

  test('an answer that is cut off is no poll', () => {
    const steps = [client(GET), server('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1'), server(END), client(END)]
    expect(play({ technique: 'polling', steps }).map(({ kind }) => kind)).not.toContain('poll')
  })
})

describe('compressed bodies', () => {
  test('a body that ends with its connection: a cut stream is found when it ends', () => {
    const coded = brotliCompressSync(Buffer.from('hello '.repeat(50)))
    const rows = play({
      steps: [
        client(GET),
        server(head('Content-Encoding: br')),
        server(coded.subarray(0, -3)),
        server(END),
        client(END),
      ],
    })
    expect(rows.map(lineOf).at(-2)).toMatch(/^S http-body close \d+\+0 content "" compressed !http-content-coding/)
  })

  test('request bodies are inflated too', () => {
    const body = gzipSync('question')
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`
    const rows = play({ steps: [client(Buffer.concat([Buffer.from(post), body]))] })
    expect(Buffer.from(rows.at(-1)!.content!).toString()).toBe('question')
  })

  test('a transfer coding under chunked is undone', () => {
    const session = head('Transfer-Encoding: gzip, chunked')
    const rows = play({ steps: [client(GET), server(session), server(chunk(gzipSync('packed'))), server('0\r\n\r\n')] })
    expect(Buffer.from(rows[2]!.content!).toString()).toBe('packed')
  })

  test('what cannot be undone is shown as it came, and says so once', () => {
    const rows = play({
      steps: [client(GET), server(head('Content-Encoding: compress', 'Content-Length: 4')), server('ab'), server('cd')],
    })
    expect(rows.slice(2).map(lineOf)).toEqual([
      expect.stringMatching(/payload 2 compressed !http-content-coding\(unknown coding: compress\)$/),
      expect.stringMatching(/payload 2 compressed$/),
    ])
  })
})
