/** Guessing by one real request, over which the right probe then carries on. */
import { expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { createGuessingProbe } from './guessing-probe.ts'
import { createIframeStreamProbe } from './iframe-stream/probe.ts'
import { createPollingProbe } from './polling/probe.ts'
import { createSseProbe } from './sse/probe.ts'
import type { CreateProbe } from './technique.ts'
import { closedPort, serveHttp } from './testing/servers.ts'
import { startProbe } from './testing/start-probe.ts'
import { createLibraryProbe } from './websocket/library-probe.ts'

const create: CreateProbe = (given) =>
  createGuessingProbe(given, (options, technique, answer) => {
    const url = options.request.url.replace('http', 'ws')
    if (technique === 'websocket') return createLibraryProbe({ ...options, request: { ...options.request, url } })
    if (technique === 'sse') return createSseProbe(options, answer)
    return technique === 'iframe-stream'
      ? createIframeStreamProbe(options, answer)
      : createPollingProbe(options, answer)
  })
const start = (place: string, request: object = {}) =>
  startProbe(create, { url: `http://${place}/x`, interval: 20, ...request })

it('an event stream is read on over the very first request, and reconnected with its ID', async () => {
  let count = 0
  const place = await serveHttp((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write('retry: 0\nid: 5\ndata: x\n\n')
    if (++count === 1) response.end()
  })
  const { recorder, until, states } = start(place)
  await until(() => recorder.requests().length === 2)
  expect(recorder.requests()[0]).toContain('Accept: text/event-stream, */*\r\n')
  expect(recorder.requests()[1]).toContain('Last-Event-ID: 5\r\n')
  expect(recorder.rowsOf('note')[0]?.details['text']).toBe(
    'Taken for Server-Sent Events: the Content-Type is text/event-stream.',
  )
  expect(recorder.connections[0]?.technique).toBe('sse')
  await until(() => states.length === 5)
  expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open'])
})

it('JSON is polled on, its first answer being the first poll', async () => {
  const place = await serveHttp((_, response) =>
    response.writeHead(200, { ETag: '"e"', 'Content-Type': 'application/json' }).end('{}'),
  )
  const { recorder, until } = start(place)
  await until(() => recorder.requests().length === 3)
  expect(recorder.connections).toHaveLength(1)
  expect(recorder.requests()[1]).toContain('If-None-Match: "e"\r\n')
})

it('endless HTML is read on', async () => {
  const place = await serveHttp((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).write('<p>'))
  const { recorder, probe, until, outcome } = start(place)
  await until(() => probe.state === 'open')
  expect(recorder.requests()).toHaveLength(1)
  await probe.close()
  expect(await outcome()).toEqual({ how: 'ended' })
})

it('a server that asks for an upgrade is dialled again with a handshake', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  server.on('connection', (client) => client.send('hi'))
  const { recorder, probe, until } = start(`127.0.0.1:${(server.address() as { port: number }).port}`)
  await until(() => probe.state === 'open')
  expect(recorder.connections).toHaveLength(2)
  expect(recorder.rowsOf('note')[0]?.details['text']).toMatch(/^Taken for WebSocket: HTTP 426/)
  expect(probe.send({ type: 'text', text: 'x' })).toEqual({ ok: true, value: null })
  await probe.close()
})

it('a refusal is a failure', async () => {
  const place = await serveHttp((_, response) => response.writeHead(404).end('no'))
  const { ending, recorder } = start(place)
  expect(await ending()).toBe('HTTP 404 Not Found instead of 200 OK')
  expect(recorder.requests()).toHaveLength(1)
})

it('a port that refuses is a failure', async () => {
  expect(await start(await closedPort()).ending()).toMatch(/^Nothing listens/)
})

it('close() before anything is known ends it', async () => {
  const { recorder, probe, until, outcome } = start(await serveHttp(() => undefined))
  await until(() => recorder.requests().length === 1)
  expect(probe.send({ type: 'text', text: 'x' })).toMatchObject({ ok: false })
  await probe.close()
  expect(await outcome()).toEqual({ how: 'ended' })
})
