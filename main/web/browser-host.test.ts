import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createBrowserHost, type BrowserHost, type BrowserHostOptions } from './browser-host.ts'

const root = mkdtempSync(join(tmpdir(), 'pushscope-web-'))
const PAGE = '<!doctype html><meta property="csp-nonce" nonce="__PUSHSCOPE_NONCE__">'
let host: BrowserHost
const counts: number[] = []

async function open(options: Partial<BrowserHostOptions> = {}): Promise<BrowserHost> {
  const opened = await createBrowserHost({ root, port: 0, serve: () => undefined, ...options })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

beforeAll(async () => {
  mkdirSync(join(root, 'assets'))
  writeFileSync(join(root, 'index.html'), PAGE)
  writeFileSync(join(root, 'assets/index-1.js'), 'console.log(1)')
  writeFileSync(join(root, 'assets/notes.txt'), 'not for the window')
  writeFileSync(join(tmpdir(), `outside-${process.pid}.js`), 'secret')
  symlinkSync(join(tmpdir(), `outside-${process.pid}.js`), join(root, 'assets/link.js'))
  host = await open({
    serve: (channel) => channel.onMessage((text) => channel.send(`heard ${text}`)),
    onWindows: (count) => counts.push(count),
  })
})

afterAll(async () => {
  await host.close()
  rmSync(root, { recursive: true })
  rmSync(join(tmpdir(), `outside-${process.pid}.js`))
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** One request on a socket of its own, its path and Host sent exactly as given. */
function ask(path: string, { method = 'GET', headers = {} as Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: host.port, path, method, headers, agent: false },
      (incoming) => {
        let body = ''
        incoming.setEncoding('utf8').on('data', (piece: string) => (body += piece))
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }))
      },
    )
    outgoing.on('error', reject).end()
  })
}

test('the URL carries the token in the fragment, 32 bytes of it, and the port that was taken', () => {
  expect(host.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${host.port}/#token=[0-9a-f]{64}$`))
})

test('the page is given out with a fresh nonce each time, in the page and in its policy', async () => {
  const [first, second] = [await ask('/'), await ask('/')]
  const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? ''
  expect(first.status).toBe(200)
  expect(first.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(Buffer.from(nonce, 'base64').length).toBe(16)
  expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
  expect(second.body).not.toBe(first.body)
})

test('scripts come with the type that nosniff asks for', async () => {
  const script = await ask('/assets/index-1.js?v=2')
  expect(script).toMatchObject({ status: 200, body: 'console.log(1)' })
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
})

test('every answer carries the fence, refusals too', async () => {
  for (const answer of [await ask('/'), await ask('/none'), await ask('/', { headers: { host: 'evil.example' } })]) {
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    const policy = String(answer.headers['content-security-policy'])
    for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
      expect(policy.split('; ')).toContain(directive)
    expect(policy).not.toContain('unsafe')
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  }
})

test.each([
  '/../package.json',
  '/assets/../../package.json',
  '/%2e%2e/package.json',
  '/..%2fpackage.json',
  '/assets/..\\..\\package.json',
  '//etc/passwd',
  '/assets',
  '/assets/',
  '/assets/notes.txt',
  '/assets/link.js',
  '/assets/index-1.js%00',
  'http://127.0.0.1/index.html',
])('%s is not on the list of files', async (path) => {
  expect((await ask(path)).status).toBe(404)
})

test('a file is asked for with GET or HEAD only', async () => {
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await ask('/', { method })).status).toBe(405)
})

test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example', 'localhost.', '[::1]'])(
  'a request for host "%s" is refused, as after DNS rebinding',
  async (name) => {
    expect((await ask('/', { headers: { host: name } })).status).toBe(403)
  },
)

/** What becomes of a bridge: `open`, or the status it was refused with. */
function bridge(protocols: string[], headers: Record<string, string>, path = '/bridge'): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers })
    socket.on('open', () => {
      socket.on('close', () => resolve('open'))
      socket.close()
    })
    socket.on('unexpected-response', (outgoing, incoming) => {
      resolve(incoming.statusCode ?? 0)
      outgoing.destroy()
    })
    socket.on('error', reject)
  })
}

const ours = (): Record<string, string> => ({ origin: `http://127.0.0.1:${host.port}` })

test('our own page comes in with the token, and is answered with the subprotocol alone', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/bridge`, ['pushscope', host.token], { headers: ours() })
  const heard = new Promise<string>((resolve) => socket.on('message', (data) => resolve(String(data))))
  await new Promise((resolve) => socket.on('open', resolve))
  socket.send('hello')
  expect(await heard).toBe('heard hello')
  expect(socket.protocol).toBe('pushscope')
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.send(Buffer.of(1, 2, 3))
  expect(await closed).toBe(1003)
  expect(counts.slice(0, 1)).toEqual([1])
})

test('no token, a wrong token, a token in the wrong place: 401', async () => {
  const wrong = host.token.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  for (const protocols of [
    [],
    ['pushscope'],
    ['pushscope', wrong],
    ['pushscope', host.token.slice(1)],
    ['pushscope', `${host.token}0`],
    [host.token],
    [host.token, 'pushscope'],
    ['pushscope', wrong, host.token],
  ])
    expect([protocols, await bridge(protocols, ours())]).toEqual([protocols, 401])
  expect(await bridge([], ours(), `/bridge?token=${host.token}`)).toBe(404)
})

test.each(['http://evil.example', 'http://127.0.0.1', 'http://127.0.0.1:1', 'https://127.0.0.1', 'null', 'file://'])(
  'a page of %s is refused even with the token',
  async (origin) => {
    expect(await bridge(['pushscope', host.token], { origin })).toBe(403)
  },
)

test('no Origin at all, or a foreign Host that agrees with its Origin, is refused even with the token', async () => {
  expect(await bridge(['pushscope', host.token], {})).toBe(403)
  const rebound = { host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` }
  expect(await bridge(['pushscope', host.token], rebound)).toBe(403)
})

test('the bridge is at one path only', async () => {
  expect(await bridge(['pushscope', host.token], ours(), '/')).toBe(404)
})

test('a taken port and a window that was not built are sentences', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.on('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const first = await createBrowserHost({ root, port, serve: () => undefined })
  expect(first).toMatchObject({ ok: false, error: { code: 'port-in-use', message: `Port ${port} is in use.` } })
  taken.close()
  const second = await createBrowserHost({ root: join(root, 'none'), port: 0, serve: () => undefined })
  expect(second).toMatchObject({ ok: false, error: { code: 'not-found' } })
})

test('closing ends open windows and frees the port', async () => {
  const other = await open()
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}/bridge`, ['pushscope', other.token], {
    headers: { origin: `http://127.0.0.1:${other.port}` },
  })
  await new Promise((resolve) => socket.on('open', resolve))
  const gone = new Promise((resolve) => socket.on('close', resolve))
  await other.close()
  await gone
  await (await open({ port: other.port })).close()
})
