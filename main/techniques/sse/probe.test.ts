/** The SSE probe against servers that keep and break the rules of the connection (HTML 9.2.3 and 9.2.4). */
import type { ServerResponse } from 'node:http'
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { closedPort, serveAnswer, serveHttp, serveTcp } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createSseProbe } from './probe.ts'

const STREAM = { 'Content-Type': 'text/event-stream' }
const start = (place: string, request: object = {}) =>
  startProbe(createSseProbe, { url: `http://${place}/events`, ...request })

/** Answers the nth request with the nth of these; the last one again and again. */
const serveInTurn = (...turns: ((response: ServerResponse) => void)[]): Promise<string> => {
  let count = 0
  return serveHttp((_, response) => turns[Math.min(count++, turns.length - 1)]?.(response))
}
const stream =
  (text: string, end = true) =>
  (response: ServerResponse): void => {
    response.writeHead(200, STREAM)
    response.write(text)
    if (end) response.end()
  }

describe('the SSE request', () => {
  it('is a GET with Accept: text/event-stream, Cache-Control: no-store and no Last-Event-ID', async () => {
    const { recorder, until } = start(await serveInTurn(stream(': hi\n\n', false)))
    await until(() => recorder.requests().length === 1)
    const request = recorder.requests()[0] ?? ''
    expect(request).toMatch(/^GET \/events HTTP\/1\.1\r\n/)
    expect(request).toContain('Accept: text/event-stream\r\n')
    expect(request).toContain('Cache-Control: no-store\r\n')
    expect(request).not.toMatch(/last-event-id/i)
  })

  it('carries the method, body and headers that were asked for, and is then not repeated', async () => {
    const { recorder, ending } = start(await serveInTurn(stream('retry: 0\ndata: x\n\n')), {
      method: 'POST',
      body: '{"stream":true}',
      headers: [['Authorization', 'Bearer t']],
    })
    expect(await ending()).toBe('ended')
    expect(recorder.connections).toHaveLength(1)
    const sent = recorder.connections[0]?.client.toString() ?? ''
    expect(sent).toMatch(/^POST /)
    expect(sent).toContain('Authorization: Bearer t\r\n')
    expect(sent).toContain('Content-Type: application/json\r\n')
    expect(sent).toMatch(/\r\n\r\n\{"stream":true\}$/)
  })
})

describe('an answer that is no event stream fails for good', () => {
  it.each([205, 210, 299, 404, 410, 500, 503])('status %i', async (status) => {
    const { recorder, ending, states } = start(
      await serveHttp((_, response) => response.writeHead(status, STREAM).end(status === 205 ? '' : 'why not')),
    )
    expect(await ending()).toMatch(new RegExp(`^HTTP ${status} .*instead of 200 OK$`))
    expect(states).toEqual(['connecting', 'failed'])
    expect(recorder.rowsOf('reconnect')).toEqual([])
    const finding = status < 400 ? 'sse-status' : 'http-refused'
    expect(recorder.rowsOf('error')).toMatchObject([{ findings: [finding], details: { code: String(status) } }])
    if (status !== 205) expect(recorder.connections[0]?.server.toString()).toContain('why not')
  })

  it('status 204', async () => {
    const { recorder, ending } = start(await serveHttp((_, response) => response.writeHead(204).end()))
    expect(await ending()).toMatch(/^HTTP 204 No Content/)
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['sse-no-content'])
    expect(recorder.connections).toHaveLength(1)
  })

  it.each(['text/x-bogus', 'text/event-stream-x', 'text/event-stream, text/plain', ''])(
    'Content-Type "%s"',
    async (type) => {
      const { recorder, ending } = start(
        await serveHttp((_, response) =>
          response.writeHead(200, type ? { 'Content-Type': type } : {}).end('data: x\n\n'),
        ),
      )
      expect(await ending()).toBe(
        `The Content-Type is ${type.split(', ').at(-1) || 'missing'} instead of text/event-stream.`,
      )
      expect(recorder.rowsOf('error')[0]?.findings).toEqual(['http-other-type'])
    },
  )

  it('an endless refusal is not waited for', async () => {
    const { ending } = start(
      await serveAnswer('HTTP/1.1 500 Oops\r\n\r\n', (socket) => {
        const more = (): void => void socket.write('x'.repeat(65_536), (error) => error ?? setImmediate(more))
        more()
      }),
    )
    expect(await ending()).toBe('HTTP 500 Oops instead of 200 OK')
  })

  it('nothing listens', async () => {
    const place = await closedPort()
    const { recorder, ending, states } = start(place)
    expect(await ending()).toBe(`Nothing listens on ${place}: the connection was refused.`)
    expect(states).toEqual(['connecting', 'failed'])
    expect(recorder.connections).toEqual([])
  })
})

it.each([
  'text/event-stream; charset=windows-1252',
  'Text/Event-Stream;x=y',
  'text/plain, text/event-stream',
  'text/event-stream,',
])('%s opens', async (type) => {
  const { until, probe } = start(
    await serveHttp((_, response) => response.writeHead(200, { 'Content-Type': type }).write('data: x\n\n')),
  )
  await until(() => probe.state === 'open')
})

it.each([301, 302, 303, 307, 308])('redirect %i is followed and each hop is on the wire', async (status) => {
  const { recorder, until, probe } = start(
    await serveHttp((request, response) => {
      if (request.url === '/events') response.writeHead(status, { Location: '/there' }).end('gone')
      else stream('data: x\n\n', false)(response)
    }),
  )
  await until(() => probe.state === 'open')
  expect(recorder.requests().map((request) => request.split(' ')[1])).toEqual(['/events', '/there'])
})

it('a loop of redirects ends with a sentence', async () => {
  const { recorder, ending } = start(
    await serveHttp((_, response) => response.writeHead(302, { Location: '/events' }).end()),
  )
  expect(await ending()).toMatch(/^More than 10 redirects/)
  expect(recorder.requests()).toHaveLength(11)
  expect(recorder.rowsOf('error')[0]?.findings).toEqual(['http-redirects'])
})

describe('after the end of a stream', () => {
  it('it waits the reconnection time, says so, and asks again with the last event ID', async () => {
    const { recorder, until, states } = start(
      await serveInTurn(stream('retry: 120\nid: 7ü\ndata: x\n\nid: 8\ndata: unfinished'), stream('data: y\n\n', false)),
    )
    await until(() => recorder.requests().length === 2)
    expect(recorder.rowsOf('reconnect').map(({ details }) => details)).toEqual([
      { attempt: 1, delay: 120, lastEventId: '7ü', why: 'The server ended the stream.' },
    ])
    const sent = Buffer.concat(recorder.connections.map(({ client }) => client))
    expect(sent.includes(Buffer.from('Last-Event-ID: 7ü\r\n', 'utf8'))).toBe(true) // UTF-8 octets
    await until(() => states.length === 5)
    expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
  })

  it('it sends no Last-Event-ID when the ID is empty', async () => {
    const { recorder, until } = start(
      await serveInTurn(stream('retry: 0\nid: 7\ndata: x\n\nid\ndata: y\n\n'), stream('data: y\n\n', false)),
    )
    await until(() => recorder.requests().length === 2)
    expect(recorder.requests()[1]).not.toMatch(/last-event-id/i)
    expect(recorder.rowsOf('reconnect')[0]?.details).not.toHaveProperty('lastEventId')
  })

  it('it does not ask again when told not to', async () => {
    const { recorder, ending, states } = start(await serveInTurn(stream('retry: 0\ndata: x\n\n')), { reconnect: false })
    expect(await ending()).toBe('ended')
    expect(states).toEqual(['connecting', 'open', 'closed'])
    expect(recorder.rowsOf('reconnect')).toEqual([])
  })

  it('204 on the reconnect ends it as the server wishes', async () => {
    const { ending, messages } = start(
      await serveInTurn(stream('retry: 0\ndata: x\n\n'), (response) => void response.writeHead(204).end()),
    )
    expect(await ending()).toBe('ended')
    expect(messages.at(-1)).toMatch(/^HTTP 204/)
  })

  it('404 on the reconnect fails for good', async () => {
    const { ending } = start(
      await serveInTurn(stream('retry: 0\ndata: x\n\n'), (response) => void response.writeHead(404).end()),
    )
    expect(await ending()).toBe('HTTP 404 Not Found instead of 200 OK')
  })

  it('a cut in the middle of a chunk is an error row and a reconnect', async () => {
    const place = await serveTcp((socket, number) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
        socket.write('19\r\nretry: 0\nid: 1\ndata: x\n\n\r\n')
        if (number === 1) socket.end('ff\r\ndata: cu')
      })
    })
    const { recorder, until } = start(place)
    await until(() => recorder.connections.length === 2 && (recorder.connections[1]?.client.length ?? 0) > 0)
    expect(recorder.rowsOf('error')).toHaveLength(1)
    expect(recorder.rowsOf('reconnect')[0]?.details).toMatchObject({ attempt: 1, lastEventId: '1' })
    expect(recorder.requests()[1]).toContain('Last-Event-ID: 1\r\n')
  })

  it('a server that ends every stream at once is not asked in a busy loop', async () => {
    const { recorder, until } = start(await serveInTurn(stream('retry: 0\n\n')))
    const begun = performance.now()
    await until(() => recorder.rowsOf('reconnect').length === 4)
    expect(performance.now() - begun).toBeGreaterThan(290)
  })
})

it('close() ends it at once: no more requests, every byte recorded', async () => {
  const { recorder, probe, until, outcome } = start(await serveInTurn(stream('retry: 0\ndata: x\n\n', false)))
  await until(() => probe.state === 'open')
  await probe.close()
  await probe.close()
  expect(await outcome()).toEqual({ how: 'ended' })
  expect(probe.state).toBe('closed')
  expect(recorder.connections).toHaveLength(1)
  expect(recorder.connections[0]?.ended).toEqual({ client: true, server: true })
})

it('close() while waiting to reconnect ends it', async () => {
  const { probe, until, outcome } = start(await serveInTurn(stream('retry: 60000\ndata: x\n\n')))
  await until(() => probe.state === 'waiting')
  await probe.close()
  expect(await outcome()).toEqual({ how: 'ended' })
})

it('an event that never ends is left at the limit, with a sentence', async () => {
  const place = await serveAnswer('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ', (socket) => {
    const piece = 'x'.repeat(1_048_576)
    const more = (): void => void socket.write(piece, (error) => error ?? setImmediate(more))
    more()
  })
  const { recorder, ending } = start(place)
  expect(await ending()).toMatch(/^An event grew past 4194304 bytes/)
  expect(recorder.connections[0]?.server.length).toBeLessThan(32 * 1_048_576)
})

it.each<[string, (text: string) => Buffer]>([
  ['gzip', gzipSync],
  ['deflate', deflateRawSync],
  ['gzip, zstd', (text) => zstdCompressSync(gzipSync(text))],
  ['gzip', (text) => gzipSync(text).subarray(0, -4)],
])('a stream coded as %s is read for its ID all the same', async (coding, encode) => {
  const { recorder, until } = start(
    await serveInTurn(
      (response) => {
        response.writeHead(200, { ...STREAM, 'Content-Encoding': coding })
        response.end(encode('retry: 0\nid: 42\ndata: x\n\n'))
      },
      stream('data: y\n\n', false),
    ),
  )
  await until(() => recorder.requests().length === 2)
  expect(recorder.requests()[1]).toContain('Last-Event-ID: 42\r\n')
})

it('a broken coding is an error row, and the stream that goes on is left for a new one', async () => {
  const { recorder, until } = start(
    await serveInTurn(
      (response) => {
        response.writeHead(200, { ...STREAM, 'Content-Encoding': 'gzip' })
        response.write(Buffer.concat([gzipSync('retry: 0\nid: 42\ndata: x\n\n'), Buffer.from('no gzip')]))
      },
      stream('data: y\n\n', false),
    ),
  )
  await until(() => recorder.requests().length === 2)
  expect(recorder.rowsOf('error')[0]?.findings).toEqual(['http-content-coding'])
  expect(recorder.requests()[1]).toContain('Last-Event-ID: 42\r\n')
})

it.each([
  ['an ID beyond Latin-1', 'id: ✓😀', 'Last-Event-ID: ✓😀'],
  ['an ID without data', 'id: 5\n\n: and no more', 'Last-Event-ID: 5'],
  ['an ID that is not valid UTF-8', 'id: a\xffb', 'Last-Event-ID: a\ufffdb'],
  ['a huge ID', `id: ${'7'.repeat(70_000)}`, `Last-Event-ID: ${'7'.repeat(70_000)}`],
  ['a name behind a second byte order mark', '\ufeff\ufeffid: 9\nid: 1', 'Last-Event-ID: 1'],
])('%s is sent back as it stands', async (_, lines, expected) => {
  const bytes = Buffer.from(`${lines}\nretry: 0\ndata: x\n\n`)
  const at = bytes.indexOf('ÿ')
  const raw = at < 0 ? bytes : Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 2)])
  const { recorder, until } = start(
    await serveHttp((request, response) => {
      response.writeHead(200, STREAM).write(raw)
      if (request.headers['last-event-id'] === undefined) response.end()
    }),
  )
  await until(() => recorder.connections.at(-1)?.client.includes(Buffer.from(`${expected}\r\n`)) ?? false)
})

it('an ID of control characters is left out, and the timeline says so', async () => {
  const { recorder, until } = start(
    await serveInTurn(stream('retry: 0\nid: a\x01b\ndata: x\n\n'), stream('data: y\n\n', false)),
  )
  await until(() => recorder.requests().length === 2)
  expect(recorder.requests()[1]).not.toMatch(/last-event-id/i)
  expect(recorder.rowsOf('note')[0]?.details['text']).toMatch(/control characters/)
})

it('the Last-Event-ID that the user wrote holds until the stream sets one', async () => {
  const { recorder, until } = start(
    await serveInTurn(
      stream('retry: 0\ndata: x\n\n'),
      stream('id: 8\n\n'),
      stream('id\n\n'),
      stream('data: y\n\n', false),
    ),
    { headers: [['Last-Event-ID', '7']] },
  )
  await until(() => recorder.requests().length === 4)
  const sent = recorder.requests().map((request) => /last-event-id: (.*)/i.exec(request)?.[1])
  expect(sent).toEqual(['7', '7', '8', undefined])
})

it('cannot send', async () => {
  const { probe } = start(await serveInTurn(stream('data: x\n\n', false)))
  expect(probe.send({ type: 'text', text: 'x' })).toMatchObject({ ok: false, error: { code: 'cannot-send' } })
})
