import { expect, test } from 'vitest'
import { answer, bodyOf, startPaused } from '../testing/wire.ts'
import { createPollingServer } from './server.ts'

const tickOf = (text: string): { seq: number; at: number; text?: string; pad?: string } =>
  JSON.parse(bodyOf(text)) as { seq: number; at: number }

test('a poll is answered at once with the newest tick, and nothing else stands in the head', async () => {
  const server = createPollingServer()
  const port = await startPaused(server)
  server.act('push')
  server.act('push')
  const text = await answer(port, '/clock')
  const { seq, at } = tickOf(text)
  expect(seq).toBe(2)
  expect(text).toBe(
    [
      'HTTP/1.1 200 OK',
      'Vary: Origin',
      'Content-Type: application/json',
      'Cache-Control: no-cache',
      `ETag: "2-${at}"`,
      'X-Content-Type-Options: nosniff',
      'Content-Length: 28',
      'Connection: close',
      '',
      `{"seq":2,"at":${at}}`,
    ].join('\r\n'),
  )
})

test('before the first tick there is an answer too, without ETag', async () => {
  const port = await startPaused(createPollingServer())
  const text = await answer(port, '/clock')
  expect(tickOf(text).seq).toBe(0)
  expect(text).not.toContain('ETag')
})

test('304 for who has the newest tick, until there is a newer one', async () => {
  const server = createPollingServer()
  const port = await startPaused(server)
  server.act('push')
  const [, tag] = /ETag: (.*)\r\n/.exec(await answer(port, '/clock'))!
  for (const list of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const text = await answer(port, '/clock', `If-None-Match: ${list}\r\n`)
    expect(text).toBe(
      `HTTP/1.1 304 Not Modified\r\nVary: Origin\r\nCache-Control: no-cache\r\nETag: ${tag}\r\nConnection: close\r\n\r\n`,
    )
  }
  server.act('push')
  expect(await answer(port, '/clock', `If-None-Match: ${tag}\r\n`)).toContain('HTTP/1.1 200 OK\r\n')
})

test('JSONP is a script of one call', async () => {
  const server = createPollingServer()
  const port = await startPaused(server, { payloadText: '</script>\u2028' })
  server.act('push')
  const text = await answer(port, '/clock?callback=app.cb$1')
  expect(text).toContain('Content-Type: text/javascript; charset=utf-8\r\n')
  expect(text).toContain('X-Content-Type-Options: nosniff\r\n')
  expect(bodyOf(text)).toMatch(/^\/\*\*\/app\.cb\$1\(\{"seq":1,"at":\d+,"text":"\\u003c\/script>\\u2028"\}\);$/)
})

test.each(['a-b', 'a(b', '', '1a', 'a..b', 'alert(1)//', 'a'.repeat(201)])(
  'the callback %j is refused',
  async (name) => {
    const port = await startPaused(createPollingServer())
    expect(await answer(port, `/clock?callback=${encodeURIComponent(name)}`)).toMatch(/^HTTP\/1\.1 400 /)
  },
)

test('the page for an iframe posts its value to the parent, and no text leaves its place', async () => {
  const server = createPollingServer()
  const port = await startPaused(server, { payloadText: '</pre></script><b>' })
  server.act('push')
  const text = await answer(port, '/clock?as=html')
  expect(text).toContain('Content-Type: text/html; charset=utf-8\r\n')
  expect(bodyOf(text)).toMatch(/<script>parent\.postMessage\(\{"seq":1,.*\}, '\*'\)<\/script>/)
  expect(bodyOf(text).match(/<\/script>/g)).toHaveLength(1)
  expect(bodyOf(text)).not.toContain('<b>')
})

test('each form has an ETag of its own', async () => {
  const server = createPollingServer()
  const port = await startPaused(server)
  server.act('push')
  const tags = await Promise.all(
    ['', '?as=html', '?callback=a', '?callback=b'].map(
      async (query) => /ETag: (.*)\r\n/.exec(await answer(port, `/clock${query}`))![1],
    ),
  )
  expect(new Set(tags).size).toBe(4)
})

test('text and padding show in the next tick', async () => {
  const server = createPollingServer()
  const port = await startPaused(server)
  server.control({ payloadText: 'hé', payloadSize: 100 })
  server.act('push')
  expect(tickOf(await answer(port, '/clock'))).toMatchObject({ text: 'hé', pad: 'x'.repeat(100) })
})

test('HEAD has the same head and no body', async () => {
  const server = createPollingServer()
  const port = await startPaused(server)
  server.act('push')
  const whole = await answer(port, '/clock')
  expect(await answer(port, '/clock', '', 'HEAD')).toBe(whole.slice(0, whole.indexOf('\r\n\r\n') + 4))
})
