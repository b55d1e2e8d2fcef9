import { EventSource } from 'eventsource'
import { expect, onTestFinished, test } from 'vitest'
import { answer, bodyOf, request, startPaused, type Wire } from '../testing/wire.ts'
import { createSseServer } from './server.ts'

/** The body so far, without chunk framing (all of it is ASCII here). */
const streamOf = (wire: Wire): string => bodyOf(wire.received()).replace(/^[\da-f]+\r\n([^]*?)\r\n/gm, '$1')

test('begins with retry, then one event a tick', async () => {
  const server = createSseServer()
  const port = await startPaused(server)
  const wire = request(port, '/clock')
  const head = await wire.until('retry: 2000\n\n\r\n')
  expect(head.replace(/^Date: .*\r\n/m, '')).toBe(
    [
      'HTTP/1.1 200 OK',
      'Vary: Origin',
      'Content-Type: text/event-stream',
      'Cache-Control: no-store',
      'X-Accel-Buffering: no',
      'X-Content-Type-Options: nosniff',
      'Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'Transfer-Encoding: chunked',
      '',
      'd',
      'retry: 2000\n\n',
      '',
    ].join('\r\n'),
  )
  server.act('push')
  await wire.until(/\}\n\n\r\n$/)
  expect(streamOf(wire)).toMatch(/^retry: 2000\n\nid: 1\ndata: \{"seq":1,"at":\d+\}\n\n$/)
})

test('event name, retry and text over several lines', async () => {
  const server = createSseServer()
  const port = await startPaused(server, { event: 'tick', retry: 5, payloadText: 'a\nb' })
  const named = request(port, '/clock')
  const asked = request(port, '/clock?event=to%0Ack&retry=77')
  const plain = request(port, '/clock?event=')
  await Promise.all([named.until('retry: 5\n'), asked.until('retry: 77\n'), plain.until('retry: 5\n')])
  server.act('push')
  await Promise.all([named, asked, plain].map((wire) => wire.until(/\}\n\n\r\n$/)))
  expect(streamOf(named)).toMatch(
    /\n\nid: 1\nevent: tick\ndata: \{\ndata: {2}"seq": 1,\ndata: {2}"at": \d+,\ndata: {2}"text": "a\\nb"\ndata: \}\n\n$/,
  )
  expect(streamOf(asked)).toContain('\nevent: to ck\n')
  expect(streamOf(plain)).not.toContain('event:')
})

test('replays what came after the last event ID, from the header or the query', async () => {
  const server = createSseServer()
  const port = await startPaused(server)
  for (let n = 0; n < 5; n++) server.act('push')
  const ids = async (wire: Wire, last: number): Promise<number[]> => {
    await wire.until(`id: ${last}\n`)
    return [...streamOf(wire).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  }
  expect(await ids(request(port, '/clock', 'Last-Event-ID: 2\r\n'), 5)).toEqual([3, 4, 5])
  expect(await ids(request(port, '/clock?lastEventId=3'), 5)).toEqual([4, 5])
  expect(await ids(request(port, '/clock?lastEventId=1', 'Last-Event-ID: 4\r\n'), 5)).toEqual([5])
  const fresh = request(port, '/clock')
  const odd = request(port, '/clock', 'Last-Event-ID: x\r\n')
  await Promise.all([fresh.until('retry'), odd.until('retry')])
  server.act('push')
  expect(await ids(fresh, 6)).toEqual([6])
  expect(await ids(odd, 6)).toEqual([6])
})

test('the history is bounded, and says what it no longer has', async () => {
  const server = createSseServer()
  const port = await startPaused(server, { history: 2 })
  for (let n = 0; n < 5; n++) server.act('push')
  const wire = request(port, '/clock?lastEventId=1')
  await wire.until('id: 5\n')
  expect(streamOf(wire)).toMatch(/^retry: 2000\n\n: 2 events after 1 are no longer kept\n\nid: 4\n[^]*\n\nid: 5\n/)
})

test('comments keep a silent stream alive, as often as the control says', async () => {
  const server = createSseServer()
  const port = await startPaused(server, { keepAlive: 5 })
  const wire = request(port, '/clock')
  await wire.until(': keep-alive 2\n\n')
  expect(streamOf(wire)).toMatch(/^retry: 2000\n\n: keep-alive 1\n\n: keep-alive 2\n\n/)
})

test('a clock of its own goes on counting after the last event ID', async () => {
  const server = createSseServer()
  const port = await startPaused(server, { paused: false, interval: 60_000 })
  const wire = request(port, '/clock?interval=5', 'Last-Event-ID: 40\r\n')
  expect(await wire.until('id: 42\n')).toMatch(/id: 41\ndata: \{"seq":41,/)
})

test('an EventSource hears the events, is dropped, comes back and misses nothing', async () => {
  const server = createSseServer()
  const port = await startPaused(server, { retry: 10, event: 'tick' })
  const source = new EventSource(`http://127.0.0.1:${port}/clock`)
  onTestFinished(() => source.close())
  const heard: string[] = []
  let wake = (): void => undefined
  source.addEventListener('tick', (event) => {
    heard.push(event.lastEventId)
    wake()
  })
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      wake = () => void (heard.length >= count && resolve())
      wake()
    })
  const opened = (): Promise<unknown> =>
    new Promise((resolve) => source.addEventListener('open', resolve, { once: true }))
  await opened()
  server.act('push')
  await until(1)
  const again = opened()
  server.act('drop')
  server.act('push')
  server.act('push')
  await again
  await until(3)
  expect(heard).toEqual(['1', '2', '3'])
})

test('only GET and HEAD', async () => {
  const port = await startPaused(createSseServer())
  const text = await answer(port, '/clock', 'Content-Length: 0\r\n', 'POST')
  expect(text).toMatch(/^HTTP\/1\.1 405 /)
  expect(text).toContain('\r\nAllow: GET, HEAD, OPTIONS\r\n')
  const head = await answer(port, '/clock', '', 'HEAD')
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Content-Type: text\/event-stream\r\n[^]*\r\n\r\n$/)
  expect(bodyOf(head)).toBe('')
})
