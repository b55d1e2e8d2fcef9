/** The polling probe: when it asks, what it says, how it goes on after a failure. */
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedPort, serveHttp, serveTcp } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createPollingProbe } from './probe.ts'

const start = (place: string, request: object = {}) =>
  startProbe(createPollingProbe, { url: `http://${place}/clock`, interval: 10, ...request })

it('asks again and again on one kept connection, and says what it has by its ETag', async () => {
  const place = await serveHttp((request, response) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { ETag: '"1"' }).end()
    else response.writeHead(200, { ETag: '"1"' }).end('{}')
  })
  const { recorder, until, probe, states } = start(place)
  await until(() => recorder.requests().length === 4)
  expect(recorder.connections).toHaveLength(1)
  expect(recorder.requests().map((request) => request.includes('If-None-Match: "1"\r\n'))).toEqual([
    false,
    true,
    true,
    true,
  ])
  await probe.close()
  expect(states).toEqual(['connecting', 'open', 'closed'])
})

it('never has two requests under way, however slow the answers are', async () => {
  let open = 0
  let most = 0
  const place = await serveHttp((_, response) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open -= 1
      response.end('x')
    }, 30)
  })
  const { recorder, until } = start(place, { interval: 1 })
  await until(() => recorder.requests().length === 4)
  expect(most).toBe(1)
})

it('waits the interval from the start of the last request', async () => {
  const times: number[] = []
  const place = await serveHttp((_, response) => {
    times.push(performance.now())
    setTimeout(() => response.end('x'), 250)
  })
  const { until } = start(place, { interval: 300 })
  await until(() => times.length === 3)
  const [first = 0, , third = 0] = times
  expect(third - first).toBeGreaterThan(590)
  expect(third - first).toBeLessThan(1_000) // counted from the ends it would be 1,100
})

it('sends back the time of the last change too, and keeps it when a 304 leaves it out', async () => {
  const time = 'Fri, 20 Nov 2026 16:00:00 GMT'
  const place = await serveHttp((request, response) => {
    if (request.headers['if-modified-since'] === time) response.writeHead(304, { ETag: '"1"' }).end()
    else response.writeHead(200, { 'Last-Modified': time }).end('{}')
  })
  const { recorder, until } = start(place)
  await until(() => recorder.requests().length >= 3)
  const [first, second, third] = recorder.requests()
  expect(first).not.toContain('If-')
  expect(second).toContain(`If-Modified-Since: ${time}\r\n`)
  expect(second).not.toContain('If-None-Match')
  expect(third).toContain(`If-Modified-Since: ${time}\r\n`)
  expect(third).toContain('If-None-Match: "1"\r\n')
})

it('sends method, body and own headers; an own If-None-Match stays', async () => {
  const place = await serveHttp((_, response) => response.writeHead(200, { ETag: '"2"' }).end())
  const { recorder, until } = start(place, {
    method: 'POST',
    body: 'a=1',
    headers: [
      ['If-None-Match', '"own"'],
      ['Accept', 'a/b'],
    ],
  })
  await until(() => recorder.connections[0]?.client.toString().split('POST').length === 3)
  const sent = recorder.connections[0]?.client.toString() ?? ''
  expect(sent.match(/If-None-Match: .*/g)?.slice(0, 2)).toEqual(['If-None-Match: "own"', 'If-None-Match: "own"'])
  expect(sent.match(/^Accept: .*/gim)?.[0]).toBe('Accept: a/b')
  expect(sent).toContain('\r\n\r\na=1')
})

describe('a poll that fails', () => {
  it.each([
    ['with 404', (response: ServerResponse) => response.writeHead(404).end(), 'HTTP 404 Not Found instead of 200 OK'],
    [
      'with 500',
      (response: ServerResponse) => response.writeHead(500).end('x'),
      'HTTP 500 Internal Server Error instead of 200 OK',
    ],
  ])('%s at the very first ends it', async (_, answer, message) => {
    const { ending, recorder } = start(await serveHttp((_request, response) => void answer(response)))
    expect(await ending()).toBe(message)
    expect(recorder.requests()).toHaveLength(1)
    expect(recorder.rowsOf('error')[0]?.findings).toEqual(['http-refused'])
  })

  it('with a refused port at the very first ends it', async () => {
    expect(await start(await closedPort()).ending()).toMatch(/^Nothing listens/)
  })

  it('later is told with the delay until the next, and polling goes on', async () => {
    let count = 0
    const place = await serveHttp((_, response) => response.writeHead(++count === 2 ? 503 : 200).end())
    const { recorder, until, states, probe } = start(place)
    await until(() => recorder.requests().length === 3 && probe.state === 'open')
    expect(recorder.rowsOf('reconnect').map(({ details }) => details)).toEqual([
      { attempt: 1, delay: 1_000, why: 'HTTP 503 Service Unavailable instead of 200 OK' },
    ])
    expect(states).toEqual(['connecting', 'open', 'waiting', 'open'])
  })

  it('later ends it when told not to go on', async () => {
    let count = 0
    const place = await serveHttp((_, response) => response.writeHead(++count === 2 ? 503 : 200).end())
    const { ending, recorder } = start(place, { reconnect: false })
    expect(await ending()).toMatch(/^HTTP 503/)
    expect(recorder.rowsOf('reconnect')).toEqual([])
  })
})

it.each([
  ['garbage', 'what is this\r\n\r\n', 'http-not-http'],
  ['a wrong chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'http-chunk-size'],
  [
    'a length in the trailer',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 7\r\n\r\n',
    'http-trailer-forbidden',
  ],
  [
    'a trailer that is no field',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad line\r\n\r\n',
    'http-header-line',
  ],
  [
    'two lengths in one head',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n',
    'http-length-and-chunked',
  ],
  ['a malformed header', 'HTTP/1.1 200 OK\r\nBad Header\r\n\r\n', 'http-header-line'],
  ['TLS', '\x15\x03\x03\x00\x02\x02\x28', 'tls-failed'],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`, 'http-head-too-large'],
  ['a body that is cut', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 'http-cut-body'],
  ['nothing', '', 'net-closed'],
])('%s is a sentence and a finding', async (_, answer, finding) => {
  const place = await serveTcp((socket) => socket.once('data', () => socket.end(answer)))
  const { outcome, recorder } = start(place, { reconnect: false })
  expect((await outcome()).how).toBe('failed')
  expect(recorder.rowsOf('error')).toMatchObject([{ connection: 1, findings: [finding] }])
  expect(recorder.connections[0]?.server.toString().startsWith(answer.slice(0, 1_000))).toBe(true)
})

it('close() in the middle of a wait or an answer ends it at once', async () => {
  const slow = start(await serveHttp(() => undefined))
  await slow.until(() => slow.recorder.requests().length === 1)
  await slow.probe.close()
  expect(await slow.outcome()).toEqual({ how: 'ended' })
  const idle = start(await serveHttp((_, response) => response.end('x')), { interval: 86_400_000 })
  await idle.until(() => idle.probe.state === 'open')
  await idle.probe.close()
  expect(await idle.outcome()).toEqual({ how: 'ended' })
})
