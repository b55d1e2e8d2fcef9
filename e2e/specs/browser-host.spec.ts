/** The browser host as its guests meet it: our own window, and pages and programs that have no business there. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { end, expect, startHost, test } from '../fixtures.ts'
import { inspector } from '../pages/inspector.ts'

/** What a page of another origin tries; each answer is what it got. */
const ATTACKS = `async (host, token) => {
  const got = {}
  const bridge = (protocols) => new Promise((resolve) => {
    const socket = new WebSocket(host.replace('http', 'ws') + '/bridge', protocols)
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('refused')
  })
  const read = (url, init) => fetch(url, init).then((answer) => answer.text(), () => 'refused')
  const loaded = (tag, attributes) => new Promise((resolve) => {
    const element = Object.assign(document.createElement(tag), attributes)
    element.onload = () => resolve('loaded')
    element.onerror = () => resolve('refused')
    document.body.append(element)
  })
  got.bridgeWithoutToken = await bridge([])
  got.bridgeWithWrongToken = await bridge(['pushscope', '0'.repeat(64)])
  got.bridgeWithStolenToken = await bridge(['pushscope', token])
  got.page = await read(host + '/')
  got.post = await read(host + '/bridge', { method: 'POST', body: 'x' })
  got.preflight = await read(host + '/', { headers: { 'x-mine': '1' } })
  got.script = await loaded('script', { src: host + '/favicon.svg' })
  got.image = await loaded('img', { src: host + '/favicon.svg' })
  got.opaque = await fetch(host + '/', { mode: 'no-cors' }).then((answer) => answer.type, () => 'refused')
  return got
}`

let evil: Server

test.beforeAll(async () => {
  evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>evil</title><body></body>')
  })
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
})

test.afterAll(async () => {
  evil.closeAllConnections()
  await new Promise((resolve) => evil.close(resolve))
})

const evilOrigin = (): string => `http://127.0.0.1:${(evil.address() as AddressInfo).port}`

test('the window opens on its page, with its styles, and breaks no rule of its own', async ({ app }) => {
  await expect(app.window).toHaveTitle(/Pushscope/)
  expect(await app.window.evaluate('document.styleSheets.length')).toBeGreaterThan(0)
})

test('a page of another origin in the same browser gets nothing, whatever it tries', async ({ app, context }) => {
  const { origin, hash } = new URL(app.url)
  const page = await context.newPage()
  await page.goto(evilOrigin())
  const got = await page.evaluate(`(${ATTACKS})(${JSON.stringify(origin)}, ${JSON.stringify(hash.slice(7))})`)
  expect(got).toEqual({
    bridgeWithoutToken: 'refused',
    bridgeWithWrongToken: 'refused',
    bridgeWithStolenToken: 'refused',
    page: 'refused',
    post: 'refused',
    preflight: 'refused',
    script: 'refused',
    // Same site (127.0.0.1), another origin: Cross-Origin-Resource-Policy says no.
    image: 'refused',
    opaque: 'refused',
  })
})

test('the window cannot be framed', async ({ app, context }) => {
  const page = await context.newPage()
  await page.goto(evilOrigin())
  await page.evaluate(`document.body.innerHTML = '<iframe src="${new URL(app.url).origin}/"></iframe>'`)
  await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
})

test('a form posted from elsewhere is refused', async ({ app, context }) => {
  const page = await context.newPage()
  await page.goto(evilOrigin())
  const { origin } = new URL(app.url)
  await page.evaluate(`document.body.innerHTML = '<form method="post" action="${origin}/"><input name="a"></form>'`)
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(origin)),
    page.evaluate('document.forms[0].submit()'),
  ])
  expect(answer.status()).toBe(405)
})

test('a window without the token says so instead of showing anything', async ({ app, browser }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(new URL(app.url).origin)
  await expect(page.getByText(/token/)).toBeVisible()
  await context.close()
})

test('a name that was rebound to 127.0.0.1 is refused', async ({ app, playwright }, testInfo) => {
  const browser = await playwright.chromium.launch({
    ...testInfo.project.use.launchOptions,
    args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'],
  })
  const page = await browser.newPage()
  const answer = await page.goto(`http://evil.example:${new URL(app.url).port}/`)
  expect(answer?.status()).toBe(403)
  expect(await page.content()).not.toContain('<script')
  await browser.close()
})

test('whoever takes the port of a host that ended gets a token that opens nothing, and runs nothing in the window', async ({
  browser,
  dataDirectory,
  watch,
}) => {
  const first = await startHost(dataDirectory)
  const page = await browser.newPage()
  watch(page)
  await page.goto(first.url)
  await expect(page.getByText(/^Server-Sent Events/).first()).toBeVisible()
  await end(first.process)

  const { host, port } = new URL(first.url)
  const offered: string[][] = []
  const thief = new WebSocketServer({
    host: '127.0.0.1',
    port: Number(port),
    handleProtocols(protocols) {
      offered.push([...protocols])
      return 'pushscope'
    },
  })
  const markup = '<img src=x onerror="document.title = 1">'
  thief.on('connection', (socket) => socket.send(JSON.stringify({ t: 'q', m: 'engineRestarted', a: [markup] })))
  await expect(page.getByText(markup)).toBeVisible()
  await expect(page.locator('img')).toHaveCount(0)

  const second = await startHost(dataDirectory)
  expect(new URL(second.url).host).not.toBe(host)
  const origin = new URL(second.url).origin
  const stolen = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, offered[0], { origin })
  const [, refusal] = (await once(stolen, 'unexpected-response')) as [unknown, IncomingMessage]
  expect(refusal.statusCode).toBe(401)
  refusal.destroy()

  for (const socket of thief.clients) socket.terminate()
  thief.close()
  await page.close()
  await end(second.process)
})

/** What a page from elsewhere gets out of a reference server, by each technique. */
const KNOCKS = `async (urls) => {
  const read = (url, init) => fetch(url, init).then((answer) => answer.text(), () => 'refused')
  const heard = (source) => new Promise((resolve) => {
    source.onopen = source.onmessage = ({ data }) => resolve(data ?? 'open')
    source.onerror = () => { source.close(); resolve('refused') }
  })
  const got = {}
  for (const [name, url] of Object.entries(urls)) {
    if (url.startsWith('ws')) got[name] = [await heard(new WebSocket(url))]
    else got[name] = [
      await heard(new EventSource(url)),
      await read(url),
      await read(url, { method: 'POST', body: 'x' }),
      await read(url, { headers: { 'x-mine': '1' } }),
      await read(url, { credentials: 'include' }),
    ]
  }
  return got
}`
const KNOCKED = ['Polling', 'Server-Sent Events', 'WebSocket ws', 'WebSocket by hand']

for (const rebound of [false, true])
  test(`the reference servers give nothing to a page ${rebound ? 'whose name was rebound' : 'from elsewhere'}`, async ({
    app,
    playwright,
  }, testInfo) => {
    const urls: Record<string, string> = {}
    for (const name of KNOCKED) {
      const url = await inspector(app.window).startServer(name)
      urls[name] = rebound ? url.replace('127.0.0.1', 'evil.example') : url
    }
    const browser = await playwright.chromium.launch({
      ...testInfo.project.use.launchOptions,
      args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'],
    })
    const page = await browser.newPage()
    await page.goto(evilOrigin().replace('127.0.0.1', 'evil.example'))
    const refused = ['refused', 'refused', 'refused', 'refused', 'refused']
    expect(await page.evaluate(`(${KNOCKS})(${JSON.stringify(urls)})`)).toEqual({
      Polling: refused,
      'Server-Sent Events': refused,
      'WebSocket ws': ['refused'],
      'WebSocket by hand': ['refused'],
    })
    await browser.close()
    // They are up all the while.
    await inspector(app.window).chooseServer('WebSocket ws')
    await inspector(app.window).connect()
    await expect(inspector(app.window).rows('text').first()).toBeVisible()
  })
