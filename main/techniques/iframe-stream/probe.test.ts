import { expect, it } from 'vitest'
import { serveAnswer, serveHttp } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createIframeStreamProbe } from './probe.ts'

const start = (place: string, request: object = {}) =>
  startProbe(createIframeStreamProbe, { url: `http://${place}/clock`, ...request })

it('asks as an iframe does and reads until it is closed', async () => {
  const place = await serveHttp((_, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).write('<script>a(1)</script>'),
  )
  const { recorder, probe, until, states, outcome } = start(place)
  await until(() => recorder.connections[0]?.server.includes('a(1)') ?? false)
  expect(recorder.requests()[0]).toMatch(/^Accept: text\/html,/m)
  await probe.close()
  expect(await outcome()).toEqual({ how: 'ended' })
  expect(states).toEqual(['connecting', 'open', 'closed'])
})

it('the end of the page is the end of the session', async () => {
  const { ending, recorder, messages } = start(await serveHttp((_, response) => response.end('<p>done')))
  expect(await ending()).toBe('ended')
  expect(recorder.requests()).toHaveLength(1)
  expect(messages.at(-1)).toBe('The server ended the page.')
})

it('another type is told in the state', async () => {
  const place = await serveHttp((_, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).write('x'))
  const { until, messages } = start(place)
  await until(() => messages.includes('Streaming text/plain, which an iframe does not run.'))
})

it('a cut page is an error row, and ended because it had been open', async () => {
  const place = await serveAnswer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<scr', (socket) =>
    socket.end(),
  )
  const { ending, recorder } = start(place)
  expect(await ending()).toBe('ended')
  expect(recorder.rowsOf('error')).toHaveLength(1)
})

it.each([404, 500])('HTTP %i fails', async (status) => {
  const { ending } = start(await serveHttp((_, response) => response.writeHead(status).end()))
  expect(await ending()).toMatch(new RegExp(`^HTTP ${status} .* instead of 200 OK$`))
})
