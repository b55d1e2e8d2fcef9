/** Polling, long polling and iframe streaming, with the probe and with the browser's own API. */
import { expect, test } from '../fixtures.ts'
import { headLength, headerLines, inspector, type Inspector } from '../pages/inspector.ts'

/** The sizes of one cycle, from the heads as shown and the body as known. */
async function expectCycle(window: Inspector, target: string): Promise<void> {
  const polls = window.rows('poll')
  await expect(polls.nth(1)).toBeVisible()
  await window.settle()
  const poll = await window.cells(polls.first())
  const body = await window.cells(window.rows('body').first())
  expect(body.payload).toBe(Buffer.byteLength(body.summary))
  expect(JSON.parse(body.summary)).toEqual({ seq: expect.any(Number), at: expect.any(Number) })

  await window.open(window.rows('response').first())
  const answer = await headerLines(await window.tab('Response'))
  await window.open(window.rows('request').first())
  const request = await headerLines(await window.tab('Request'))
  expect(new Map(answer).get('Content-Type')).toBe('application/json')
  expect(Number(new Map(answer).get('Content-Length'))).toBe(body.payload)
  const answerHead = headLength('HTTP/1.1 200 OK', answer)
  const requestHead = headLength(`GET ${target} HTTP/1.1`, request)
  expect(poll).toMatchObject({ who: 'server', wire: answerHead + body.payload!, payload: body.payload })

  await window.open(polls.first())
  const panel = await window.tab('Poll')
  const share = panel.getByRole('region', { name: /^Header bytes/ })
  await expect(share).toContainText(`headers ${requestHead + answerHead} B`)
  await expect(share).toContainText(`body ${body.payload} B`)
  await expect(panel.getByRole('region', { name: 'Figures' })).toContainText(/empty\s*no/)
}

test('polling, with the probe: cycles, heads and bodies in exact bytes', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer('Polling')
  await window.connect()
  await expectCycle(window, '/clock')
})

test('the handshake of a later poll on a kept-alive connection is its own request and answer', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer('Polling')
  await window.control('Polling', 'Interval', '100')
  await window.connect()
  const later = 2
  await expect(window.rows('poll').nth(later)).toBeVisible()
  await window.settle()
  const number = async (kind: string): Promise<string> => (await window.cells(window.rows(kind).nth(later))).number
  const [request, response] = [await number('request'), await number('response')]
  await window.open(window.rows('poll').nth(later))
  const panel = await window.tab('Handshake')
  const region = (name: string) => panel.getByRole('region', { name })
  await expect(region('Request').getByRole('button', { name: `Go to row ${request}`, exact: true })).toBeVisible()
  await expect(region('Response').getByRole('button', { name: `Go to row ${response}`, exact: true })).toBeVisible()
})

test('long polling, with the probe: it waits, and asks again with the cursor of the answer', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer('Long polling')
  await window.connect()
  await expectCycle(window, '/clock?since=0')
  const first = JSON.parse((await window.cells(window.rows('body').first())).summary) as { seq: number }
  await expect(window.rows('request', `since=${first.seq}`)).toHaveCount(1)
})

test('a long poll without news is a cycle that is empty', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer('Long polling')
  await window.control('Long polling', 'Paused', true)
  await window.control('Long polling', 'Hold at most', '300')
  await window.connect()
  await expect(window.rows('poll', '204').first()).toBeVisible()
  await window.settle()
  await window.open(window.rows('poll', '204').first())
  await expect((await window.tab('Poll')).getByRole('region', { name: 'Figures' })).toContainText(/empty\s*yes/)
})

for (const [server, target] of [
  ['Polling', '/clock'],
  ['Long polling', '/clock?since=0'],
] as const) {
  test(`${server}, with the browser's own fetch: what it reports beside what crossed the wire`, async ({ app }) => {
    const window = inspector(app.window)
    await window.startServer(server)
    await window.useClient('Browser API')
    await window.connect()
    await expectCycle(window, target)
    const body = (await window.cells(window.rows('body').first())).summary
    await expect(window.rows('api-event', body)).toHaveCount(1)
    await window.open(window.rows('request').first())
    const asked = new Map((await headerLines(await window.tab('Request'))).map(([n, v]) => [n.toLowerCase(), v]))
    expect(asked.get('user-agent')).toContain('Chrome')
  })
}

test('JSONP: the script, its call and the value read from it', async ({ app }) => {
  const window = inspector(app.window)
  const url = await window.startServer('Polling')
  await window.typeUrl(`${url}?callback=show`)
  await window.connect()
  const calls = window.rows('script')
  await expect(calls.first()).toBeVisible()
  await window.settle()
  await window.open(calls.first())
  const panel = await window.tab('Script')
  await expect(panel.getByRole('region', { name: 'Call' })).toContainText('show')
  const value = /\{.*\}/.exec((await window.cells(calls.first())).summary)![0]
  expect(JSON.parse(value)).toMatchObject({ at: expect.any(Number) })
  await expect(panel.getByRole('region', { name: /value/i }).first()).toContainText(value)
})

const DIALECTS = [
  { dialect: 'parent', call: 'parent.tick', around: ['<script>parent.tick(', ')</script>'] },
  { dialect: 'postmessage', call: 'parent.postMessage', around: ['<script>parent.postMessage(', ",'*')</script>"] },
] as const

for (const { dialect, call, around } of DIALECTS) {
  test(`iframe streaming, dialect ${dialect}: each script call with its bytes and value`, async ({ app }) => {
    const window = inspector(app.window)
    await window.startServer('Iframe streaming')
    await window.control('Iframe streaming', 'Dialect', dialect)
    await window.connect()
    const scripts = window.rows('script', call)
    await expect(scripts.nth(1)).toBeVisible()
    await window.settle()
    const script = await window.cells(scripts.first())
    const value = /\{.*?\}/.exec(script.summary)![0]
    expect(script.payload).toBe(value.length)
    expect(script.wire).toBeGreaterThanOrEqual(around[0].length + value.length + around[1].length)
    await window.open(scripts.first())
    const panel = await window.tab('Script')
    await expect(panel.getByRole('region', { name: 'Call' })).toContainText(call)
    const source = (await panel.getByRole('region', { name: 'Source' }).innerText()).split('\n').at(-1)!
    expect(Buffer.byteLength(source)).toBe(script.wire)
    expect(source).toContain(value)
  })
}

test('an iframe without same-origin hears postMessage, and the wire shows each script', async ({ app }) => {
  const window = inspector(app.window)
  await window.startServer('Iframe streaming')
  await window.control('Iframe streaming', 'Dialect', 'postmessage')
  await window.useClient('Browser API')
  await window.connect()
  await expect(window.rows('api-event', 'iframe.message').first()).toBeVisible()
  await window.settle()
  const script = await window.cells(window.rows('script', 'parent.postMessage').first())
  const value = /\{.*?\}/.exec(script.summary)![0]
  await expect(window.rows('api-event', value)).toHaveCount(1)
})
