import { expect, test } from 'vitest'
import { answer, bodyOf, request, startPaused } from '../testing/wire.ts'
import { createIframeStreamServer } from './server.ts'

/** What one tick sends: a chunk of exactly one script. */
const chunk = (script: string): string => {
  const text = `<script>${script}</script>\n`
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

test('begins with more than a kilobyte, then one script and one chunk a tick', async () => {
  const server = createIframeStreamServer()
  const port = await startPaused(server)
  const wire = request(port, '/clock')
  const head = await wire.until(/-->\n\r\n$/)
  expect(head.replace(/^Date: .*\r\n/m, '')).toContain(
    [
      'HTTP/1.1 200 OK',
      'Vary: Origin',
      'Content-Type: text/html; charset=utf-8',
      "Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'",
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      'Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'Transfer-Encoding: chunked',
      '\r\n',
    ].join('\r\n'),
  )
  expect(Buffer.byteLength(bodyOf(head))).toBeGreaterThan(1_024)
  server.act('push')
  await wire.until('"seq":1')
  server.act('push')
  const [, one, two] = /"at":(\d+)[^]*"at":(\d+)/.exec(await wire.until(/"seq":2[^]*\r\n$/))!
  expect(wire.received().slice(head.length)).toBe(
    chunk(`parent.tick({"seq":1,"at":${one}})`) + chunk(`parent.tick({"seq":2,"at":${two}})`),
  )
})

const DIALECTS: readonly (readonly [query: string, script: RegExp])[] = [
  [
    '?dialect=parent&callback=app.on',
    /<script>parent\.app\.on\(\{"seq":1,"at":\d+,"text":"a\\u003c\/script>'\\"é"\}\)<\/script>\n/,
  ],
  [
    '?dialect=postmessage',
    /<script>parent\.postMessage\(\{"seq":1,"at":\d+,"text":"a\\u003c\/script>'\\"é"\}, '\*'\)<\/script>\n/,
  ],
  [
    '?dialect=write',
    /<script>document\.write\("\\u003cp>\{&quot;seq&quot;:1,&quot;at&quot;:\d+,&quot;text&quot;:&quot;a&lt;\/script&gt;'\\\\&quot;é&quot;\}\\u003c\/p>"\)<\/script>\n/,
  ],
]
test.each(DIALECTS)('dialect %s, and no text ends its script', async (query, script) => {
  const server = createIframeStreamServer()
  const port = await startPaused(server, { payloadText: 'a</script>\'"é' })
  const wire = request(port, `/clock${query}`)
  await wire.until('-->')
  server.act('push')
  const text = await wire.until('</script>\n')
  expect(text).toMatch(script)
  expect(text.match(/<\/script>/g)).toHaveLength(1)
})

test('the control changes the dialect of running streams', async () => {
  const server = createIframeStreamServer()
  const port = await startPaused(server)
  const wire = request(port, '/clock')
  await wire.until('-->')
  server.control({ dialect: 'write' })
  server.act('push')
  await wire.until('document.write(')
  server.control({ dialect: 'postmessage' })
  server.act('push')
  await wire.until('parent.postMessage(')
})

test('a clock of its own with ?interval=, though the server is paused by nobody', async () => {
  const server = createIframeStreamServer()
  const port = await startPaused(server, { paused: false, interval: 60_000 })
  const text = await request(port, '/clock?interval=5').until('"seq":3')
  expect(text.match(/parent\.tick/g)).toHaveLength(3)
})

test('an unknown dialect or a callback that is code is refused', async () => {
  const port = await startPaused(createIframeStreamServer())
  expect(await answer(port, '/clock?dialect=constructor')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await answer(port, '/clock?callback=a%28')).toMatch(/^HTTP\/1\.1 400 /)
})

test('drop ends the stream', async () => {
  const server = createIframeStreamServer()
  const port = await startPaused(server)
  const wire = request(port, '/clock')
  await wire.until('-->')
  server.act('drop')
  await wire.over
  expect(wire.received()).not.toMatch(/\r\n0\r\n\r\n$/)
})
