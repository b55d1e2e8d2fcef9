/** The long-polling probe: how it moves its cursor, and that it never asks in a busy loop. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { serveHttp } from '../testing/servers.ts'
import { startProbe } from '../testing/start-probe.ts'
import { createLongPollingProbe } from './probe.ts'

const start = (url: string, request: object = {}) => startProbe(createLongPollingProbe, { url, ...request })
const targets = (requests: string[]): (string | undefined)[] => requests.map((request) => request.split(' ')[1])

it('asks again at once from where the news ended', async () => {
  const rounds = 20
  const place = await serveHttp((request, response) => {
    const since = Number(new URL(request.url ?? '', 'http://x').searchParams.get('since'))
    if (since < rounds) response.end(JSON.stringify({ seq: since + 1 }))
  })
  const { recorder, until, states, probe } = start(`http://${place}/clock?since=0&x=y`)
  const begun = performance.now()
  await until(() => recorder.requests().length === rounds + 1)
  expect(performance.now() - begun).toBeLessThan(rounds * 95) // it would be 100 ms each without news
  expect(targets(recorder.requests())).toEqual(Array.from({ length: rounds + 1 }, (_, i) => `/clock?since=${i}&x=y`))
  expect(recorder.connections).toHaveLength(1)
  await probe.close()
  expect(states).toEqual(['connecting', 'open', 'closed'])
})

it('a coded answer moves the cursor all the same', async () => {
  const place = await serveHttp((request, response) => {
    if (!request.url?.endsWith('since=0')) return
    response.writeHead(200, { 'Content-Encoding': 'gzip, br' }).end(brotliCompressSync(gzipSync('{"seq":1}')))
  })
  const { recorder, until } = start(`http://${place}/clock?since=0`, { headers: [['Accept-Encoding', 'gzip, br']] })
  await until(() => recorder.requests().length === 2)
  expect(targets(recorder.requests())).toEqual(['/clock?since=0', '/clock?since=1'])
})

it.each([204, 304, 408])('HTTP %i is no news: the same question again', async (status) => {
  const place = await serveHttp((_, response) => setTimeout(() => response.writeHead(status).end(), 120))
  const { recorder, until, probe } = start(`http://${place}/clock?since=7`)
  await until(() => recorder.requests().length === 3)
  expect(new Set(targets(recorder.requests()))).toEqual(new Set(['/clock?since=7']))
  expect(probe.state).toBe('open')
  expect(recorder.rowsOf('note')).toEqual([])
})

it('without a cursor in the URL it goes by ETag and Last-Modified', async () => {
  let count = 0
  const place = await serveHttp((_, response) => {
    if (++count > 3) return
    const date = new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toUTCString()
    response.writeHead(200, { Etag: String(count), 'Last-Modified': date }).end(`news ${count}`)
  })
  const { until, recorder } = start(`http://${place}/sub`)
  await until(() => recorder.requests().length === 4)
  const conditions = recorder
    .requests()
    .map((request) => request.match(/(?<=^If-(?:None-Match|Modified-Since): ).*(?=\r)/gm)?.slice())
  expect(conditions).toEqual([
    undefined,
    ['1', 'Thu, 01 Jan 2026 00:00:01 GMT'],
    ['2', 'Thu, 01 Jan 2026 00:00:02 GMT'],
    ['3', 'Thu, 01 Jan 2026 00:00:03 GMT'],
  ])
})

it.each<[string, string, (request: IncomingMessage, response: ServerResponse) => void]>([
  ['204', '/clock?since=0', (_, response) => void response.writeHead(204).end()],
  ['the same news', '/clock?since=0', (_, response) => void response.end('{"seq":1}')],
  ['news without any cursor', '/clock', (_, response) => void response.end(String(performance.now()))],
])(
  'an endpoint that answers at once with %s is not asked in a busy loop, and that is told',
  async (_, path, listener) => {
    const { recorder, until } = start(`http://${await serveHttp(listener)}${path}`)
    const begun = performance.now()
    await until(() => recorder.rowsOf('note').length === 1)
    expect(performance.now() - begun).toBeGreaterThan(295)
    expect(recorder.rowsOf('note')[0]?.findings).toEqual(['long-poll-not-held'])
    expect(recorder.requests().length).toBeLessThan(9)
  },
)

it('an error status at the first ends it', async () => {
  const place = await serveHttp((_, response) => response.writeHead(403).end())
  expect(await start(`http://${place}/x`).ending()).toBe('HTTP 403 Forbidden instead of 200 OK')
})
