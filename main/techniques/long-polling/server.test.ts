import { expect, test } from 'vitest'
import { answer, bodyOf, openWire, request, startPaused, untilState } from '../testing/wire.ts'
import { createLongPollingServer } from './server.ts'

const seqOf = (text: string): number => (JSON.parse(bodyOf(text)) as { seq: number }).seq

test('answers at once when there is news after the cursor', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server)
  server.act('push')
  server.act('push')
  for (const target of ['/clock', '/clock?since=0', '/clock?since=1', '/clock?since=x']) {
    const text = await answer(port, target)
    expect(seqOf(text)).toBe(2)
    expect(text).toContain('Cache-Control: no-store\r\n')
  }
})

test('holds until the next tick; its seq is the next cursor', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server)
  server.act('push')
  const wire = openWire(port)
  wire.write('GET /clock?since=1 HTTP/1.1\r\nHost: localhost\r\n\r\n')
  // A second request on the same server is answered, so the first one was read and is held.
  await answer(port, '/')
  expect(wire.received()).toBe('')
  server.act('push')
  expect(seqOf(await wire.until(/\}$/))).toBe(2)
})

test('204 when no news comes in time, by the control or by the query', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server, { timeout: 20 })
  const nothing = 'HTTP/1.1 204 No Content\r\nVary: Origin\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n'
  expect(await answer(port, '/clock?since=0')).toBe(nothing)
  server.control({ timeout: 600_000 })
  expect(await answer(port, '/clock?since=0&timeout=10')).toBe(nothing)
  expect(await answer(port, '/clock?since=0&timeout=10&callback=cb')).toBe(nothing)
})

test('one tick answers everyone who waits, and who left is not waited for', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server)
  const wires = Array.from({ length: 50 }, (_, n) => request(port, `/clock?since=0&callback=cb${n}`))
  await untilState(server, () => server.state().clients === 50)
  await answer(port, '/')
  wires[0]!.socket.destroy()
  await untilState(server, () => server.state().clients === 49)
  server.act('push')
  const texts = await Promise.all(wires.slice(1).map((wire) => wire.until(/\);$/)))
  texts.forEach((text, n) =>
    expect(bodyOf(text)).toMatch(new RegExp(`^/\\*\\*/cb${n + 1}\\(\\{"seq":1,"at":\\d+\\}\\);$`)),
  )
})

test('requests sent ahead on one connection are answered in order by one tick', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server)
  const wire = openWire(port)
  wire.write('GET /clock?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3))
  await answer(port, '/')
  server.act('push')
  const text = await wire.until(/(?:"seq":1[^]*){3}\}$/)
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3)
})

test('drop cuts who waits', async () => {
  const server = createLongPollingServer()
  const port = await startPaused(server)
  const wire = request(port, '/clock?since=0')
  await answer(port, '/')
  server.act('drop')
  expect(await wire.over).toBe('')
})
