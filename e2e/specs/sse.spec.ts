/** Server-Sent Events: fields and sizes of each event, comments, reconnecting, and the browser's EventSource beside it. */
import { expect, test } from '../fixtures.ts'
import { headLength, headerLines, inspector } from '../pages/inspector.ts'

const SERVER = 'Server-Sent Events'

/** What the server writes for a tick; the data is taken from the row, everything around it is the spec's own. */
const block = (seq: number, data: string): string => `id: ${seq}\ndata: ${data}\n\n`

/** A chunk of HTTP/1.1 around so many bytes (RFC 9112 7.1). */
const chunkLength = (bytes: number): number => bytes.toString(16).length + 2 + bytes + 2

test('the probe: headers, each event with its bytes, lines and last event ID', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer(SERVER)
  await window.connect()
  const events = window.rows('event')
  await expect(events.nth(1)).toBeVisible()
  await window.settle()

  const event = await window.cells(events.first())
  const data = event.summary.slice(event.summary.indexOf('{'))
  const { seq } = JSON.parse(data) as { seq: number }
  const bytes = Buffer.byteLength(block(seq, data))
  expect(event).toMatchObject({ who: 'server', wire: bytes, payload: data.length })
  const chunk = await window.cells(window.rows('chunk', `"seq":${seq},`).first())
  expect(chunk).toMatchObject({ wire: chunkLength(bytes), payload: bytes })

  await window.open(events.first())
  const panel = await window.tab('Event')
  await expect(panel.getByRole('region', { name: 'Event', exact: true })).toContainText(/event\s*message/)
  await expect(panel.getByRole('region', { name: 'Data' })).toContainText(data)
  const lines = panel.getByRole('region', { name: 'Lines' }).getByRole('listitem')
  await expect(lines).toHaveCount(3)
  await expect(lines.nth(0)).toContainText(`id: ${seq}`)
  await expect(lines.nth(0)).toContainText('LF')
  await expect(lines.nth(1)).toContainText(`data: ${data}`)
  await expect(lines.nth(2)).toContainText('ends the block')

  const handshake = await window.tab('Handshake')
  const request = await headerLines(handshake.getByRole('region', { name: 'Request', exact: true }))
  const answer = await headerLines(handshake.getByRole('region', { name: 'Response', exact: true }))
  const asked = new Map(request.map(([name, value]) => [name.toLowerCase(), value]))
  expect(asked.get('accept')).toBe('text/event-stream')
  expect(asked.get('cache-control')).toBe('no-store')
  expect(asked.has('last-event-id')).toBe(false)
  expect(new Map(answer).get('Content-Type')).toBe('text/event-stream')
  expect(new Map(answer).get('Transfer-Encoding')).toBe('chunked')
  const response = await window.cells(window.rows('response').first())
  expect(response.wire).toBe(headLength('HTTP/1.1 200 OK', answer))
})

test('a dropped connection: the wait, the new request with Last-Event-ID, and nothing missed', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer(SERVER)
  await window.control(SERVER, 'retry', '200')
  await window.connect()
  await expect(window.rows('event').first()).toBeVisible()
  await window.act(SERVER, 'Drop connections')
  await expect(window.rows('reconnect').first()).toBeVisible()
  await expect(window.rows('request')).toHaveCount(2)
  await window.settle()
  const before = await window.cells(window.rows('event').first())
  const id = /id (\d+)/.exec(before.summary)![1]!
  await window.open(window.rows('request').last())
  const panel = await window.tab('Request')
  const lastEventId = new Map((await headerLines(panel)).map(([name, value]) => [name.toLowerCase(), value]))
  expect(Number(lastEventId.get('last-event-id'))).toBeGreaterThanOrEqual(Number(id))
})

test('a comment crosses the wire and EventSource says nothing', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer(SERVER)
  await window.control(SERVER, 'Comment every (0 = never)', '300')
  await window.useClient('Browser API')
  await window.connect()
  await expect(window.rows('comment').nth(1)).toBeVisible()
  await expect(window.rows('api-event', 'message').first()).toBeVisible()
  await window.settle()
  await expect(window.rows('api-event', 'open')).toHaveCount(1)
  const comment = await window.cells(window.rows('comment').first())
  await expect(window.rows('api-event', /comment|keep/)).toHaveCount(0)
  expect(comment.who).toBe('server')
  expect(comment.wire).toBe(Buffer.byteLength(`: ${comment.summary}\n`))

  const event = await window.cells(window.rows('event').first())
  const data = event.summary.slice(event.summary.indexOf('{'))
  await expect(window.rows('api-event', data)).toHaveCount(1)
})

test('a named event arrives by its name, on the wire and in the API', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer(SERVER)
  await window.control(SERVER, 'Event name (empty = message)', 'tick')
  await window.connect()
  await expect(window.rows('event', 'tick').first()).toBeVisible()
  await window.settle()
  await window.open(window.rows('event', 'tick').first())
  const panel = await window.tab('Event')
  await expect(
    panel.getByRole('region', { name: 'Lines' }).getByRole('listitem').filter({ hasText: 'event: tick' }),
  ).toHaveCount(1)
})
