/** Whatever a URL or a server does wrong: a sentence, rows that keep the bytes, and a window that goes on working. */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Locator, Page } from '@playwright/test'
import { end, expect, startHost, test } from '../fixtures.ts'
import { headerLines, inspector, type Inspector } from '../pages/inspector.ts'
import { askFor, chooseTechnique } from '../pages/request.ts'
import { httpAnswer, rawServer, STREAM_HEAD, switching, type RawServer } from '../servers/raw.ts'

/** The sentence of a capture that failed. */
const failure = (page: Page): Locator => page.getByRole('status').filter({ hasText: /^Failed\./ })

const notices = (page: Page): Locator => page.getByRole('status', { name: 'Notices' })

const captures = (page: Page): Locator => page.getByRole('list', { name: 'Captures' }).getByRole('listitem')

/** After all that, a good server is connected to, and what was captured before is still there. */
async function expectStillWorks(window: Inspector, rowsBefore: number): Promise<void> {
  const { page } = window
  const before = await captures(page).count()
  const good = await rawServer((socket, head) => {
    socket.write(Buffer.concat([Buffer.from(switching(head)), Buffer.from([0x81, 2]), Buffer.from('ok')]))
    socket.on('data', () => socket.end(Buffer.from([0x88, 0]))) // the client's close frame is all that comes
  })
  await chooseTechnique(page, 'Auto')
  await window.typeUrl(`ws://127.0.0.1:${good.port}/`)
  await window.connect()
  await expect(window.rows('text', /^\d+.*ok/)).toBeVisible()
  await expect(window.status).toContainText('Open')
  await window.disconnect()
  await good.close()
  if (rowsBefore === 0) return
  await expect(captures(page)).toHaveCount(before + 1)
  await captures(page).nth(1).getByRole('button').first().click()
  await expect(window.status).toContainText(`${rowsBefore} row`)
}

/** Opens a row and expects each sentence in its detail; the facts of the case may stand behind it in brackets. */
async function expectFinding(window: Inspector, row: Locator, ...sentences: string[]): Promise<void> {
  await window.open(row)
  for (const sentence of sentences)
    await expect(window.detail.getByText(sentence.replace(/\.$/, '')).first()).toBeVisible()
}

const countRows = async (window: Inspector): Promise<number> =>
  Number(/(\d+) rows?/.exec(await window.status.innerText())?.[1] ?? 0)

test.describe('a URL that leads nowhere', () => {
  const cases = [
    ['a host with a space', 'no url', /The host has a space in it\./],
    ['a scheme that is not ours', 'ftp://127.0.0.1/', /ftp: is not a scheme that can be inspected\. Use ws, wss, http/],
    ['a port that is no number', 'http://127.0.0.1:x/', /The port "x" is not a number\./],
  ] as const
  for (const [title, url, sentence] of cases) {
    test(`${title}: a notice says so, and no capture is begun`, async ({ app }) => {
      const window = inspector(app.window)
      await window.typeUrl(url)
      await window.connect()
      await expect(notices(app.window)).toContainText(sentence)
      await expect(captures(app.window)).toHaveCount(0)
      await expectStillWorks(window, 0)
    })
  }

  for (const scheme of ['ws', 'http'])
    test(`${scheme}: an unknown host`, async ({ app }) => {
      const window = inspector(app.window)
      await window.typeUrl(`${scheme}://nowhere.invalid/`)
      await window.connect()
      await expect(failure(app.window)).toContainText('No address is known for the host name nowhere.invalid.')
      await expect(window.status).toContainText('Failed')
      await expectFinding(window, window.rows('error'), 'The host name cannot be resolved.')
      await expectStillWorks(window, 1)
    })

  for (const scheme of ['ws', 'http'])
    test(`${scheme}: a port where nobody listens`, async ({ app }) => {
      const free = await rawServer(() => undefined)
      await free.close()
      const window = inspector(app.window)
      await window.typeUrl(`${scheme}://127.0.0.1:${free.port}/`)
      await window.connect()
      await expect(failure(app.window)).toContainText(`Nothing listens on 127.0.0.1:${free.port}`)
      await expectFinding(window, window.rows('error'), 'Check the port')
      await expectStillWorks(window, 1)
    })

  for (const [scheme, plain] of [
    ['wss', 'ws'],
    ['https', 'http'],
  ])
    test(`${scheme} to a port that speaks plain HTTP`, async ({ app }) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end(httpAnswer('400 Bad Request', {}, 'plain')))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const window = inspector(app.window)
      await window.typeUrl(`${scheme}://127.0.0.1:${port}/`)
      await window.connect()
      await expect(failure(app.window)).toContainText(`127.0.0.1:${port} does not speak TLS`)
      await expect(failure(app.window)).toContainText(`Try ${plain}:// instead.`)
      await expectFinding(window, window.rows('error'), 'The TLS handshake failed.')
      await expectStillWorks(window, await countRows(window))
      server.close()
    })
})

interface Probe {
  technique: string
  scheme: 'ws' | 'http'
  raw?: boolean
}

async function connectTo(window: Inspector, server: RawServer, how: Probe): Promise<void> {
  await window.typeUrl(`${how.scheme}://127.0.0.1:${server.port}/door`)
  if (how.technique !== 'WebSocket') await chooseTechnique(window.page, how.technique)
  if (how.raw) await askFor(window.page, { raw: true })
  await window.connect()
}

const PROBES: readonly Probe[] = [
  { technique: 'WebSocket', scheme: 'ws' },
  { technique: 'WebSocket', scheme: 'ws', raw: true },
  { technique: 'Server-Sent Events', scheme: 'http' },
  { technique: 'Polling', scheme: 'http' },
  { technique: 'Long polling', scheme: 'http' },
  { technique: 'Iframe streaming', scheme: 'http' },
]
const nameOf = ({ technique, raw }: Probe): string => `${technique}${raw ? ' by hand' : ''}`

test.describe('an answer that refuses', () => {
  const STATUSES = ['401 Unauthorized', '404 Not Found', '500 Internal Server Error']
  for (const [index, probe] of PROBES.entries()) {
    // Every probe meets a refusal, the WebSocket probes all three.
    const statuses = probe.scheme === 'ws' ? STATUSES : [STATUSES[1 + (index % 2)]!]
    for (const status of statuses)
      test(`${nameOf(probe)}: ${status}, with its headers and its body`, async ({ app }) => {
        const body = `No entry for ${probe.technique}.`
        const headers = {
          'WWW-Authenticate': 'Basic realm="the door"',
          'Content-Type': 'text/plain',
          'X-Why': 'because',
        }
        const server = await rawServer((socket) => socket.end(httpAnswer(status, headers, body)))
        const window = inspector(app.window)
        if (probe.scheme === 'http') await window.typeUrl(`http://127.0.0.1:${server.port}/door`)
        await connectTo(window, server, probe)
        await expect(failure(app.window)).toContainText(
          `HTTP ${status} instead of ${probe.scheme === 'ws' ? '101 Switching Protocols' : '200 OK'}`,
        )
        const rows = await countRows(window)
        await window.open(window.rows('response'))
        expect(await headerLines(await window.tab('Response'))).toEqual([
          ...Object.entries(headers),
          ['Content-Length', String(body.length)],
        ])
        await expect(window.detail.getByRole('alert').or(window.detail.getByText('Fault')).first()).toBeVisible()
        expect(await window.cells(window.rows('body'))).toMatchObject({ summary: body, payload: body.length })
        await server.close()
        await expectStillWorks(window, rows)
      })
  }

  for (const [technique, accepted, finding] of [
    ['Server-Sent Events', 'text/event-stream', 'The Content-Type is not text/event-stream, so an EventSource fails.'],
  ] as const)
    test(`${technique}: the wrong Content-Type`, async ({ app }) => {
      const server = await rawServer((socket) =>
        socket.end(httpAnswer('200 OK', { 'Content-Type': 'application/json' }, '{"a":1}')),
      )
      const window = inspector(app.window)
      await connectTo(window, server, { technique, scheme: 'http' })
      await expect(failure(app.window)).toContainText(`The Content-Type is application/json instead of ${accepted}.`)
      await expectFinding(window, window.rows('response'), finding)
      expect((await window.cells(window.rows('body'))).summary).toBe('{"a":1}')
      await server.close()
      await expectStillWorks(window, await countRows(window))
    })
})

test.describe('an answer that is wrong', () => {
  for (const probe of PROBES)
    test(`${nameOf(probe)}: garbage instead of HTTP`, async ({ app }) => {
      const bytes = Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10, 7, 7])
      const server = await rawServer((socket) => socket.end(bytes))
      const window = inspector(app.window)
      await connectTo(window, server, probe)
      await expect(failure(app.window)).toContainText(/(did|is) not (answer with )?HTTP\/1\.1/)
      const note = window.rows('note', 'Not HTTP/1.1')
      expect((await window.cells(note)).wire).toBe(bytes.length)
      await expectFinding(window, note, 'The bytes are not an HTTP/1.1 message.')
      await server.close()
      await expectStillWorks(window, await countRows(window))
    })

  for (const probe of PROBES.slice(0, 4))
    test(`${nameOf(probe)}: a head without an end`, async ({ app }) => {
      const line = `X-More: ${'y'.repeat(8_000)}\r\n`
      const server = await rawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const more = (): void => {
          if (socket.writable) socket.write(line, () => setImmediate(more))
        }
        more()
      })
      const window = inspector(app.window)
      await connectTo(window, server, probe)
      await expect(failure(app.window)).toContainText('is larger than the limit')
      await expectFinding(window, window.rows('error'), 'The head is larger than the limit.')
      await expectFinding(window, window.rows('response'), 'Cut off')
      const { wire } = await window.cells(window.rows('response'))
      expect(wire).toBeGreaterThan(line.length)
      expect(wire).toBeLessThanOrEqual(65_536) // the library may give up before our own limit
      await server.close()
      await expectStillWorks(window, await countRows(window))
    })
})

/** What a WebSocket server may do wrong once the bytes flow; `close` is the code that the probe must answer with. */
const BREACHES = [
  {
    title: 'a Sec-WebSocket-Accept that belongs to another key',
    answer: () =>
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm9wZQ==\r\n\r\n',
    row: 'response',
    finding: 'Sec-WebSocket-Accept is not the value that the key asks for.',
    close: null,
    fails: true,
  },
  {
    title: 'the end of the connection in the middle of a frame',
    answer: (head: string) => [switching(head), [0x81, 10, 0x61, 0x62, 0x63]],
    ends: true,
    row: 'text',
    finding: 'The connection ended in the middle of a frame.',
    close: null,
    fails: false,
  },
  {
    title: 'a frame of 2^63 bytes',
    answer: (head: string) => [switching(head), [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]],
    row: 'binary',
    finding: 'The most significant bit of a 64-bit length must be 0.',
    close: /^(1002|1009)/, // the library calls it too big, our own probe a broken rule
    fails: true,
  },
  {
    title: 'a frame of 2^62 bytes',
    answer: (head: string) => [switching(head), [0x82, 127, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]],
    row: 'binary',
    finding: 'The frame or message is larger than the limit.',
    close: /^1009/,
    fails: true,
  },
  {
    title: 'text that is not UTF-8',
    answer: (head: string) => [switching(head), [0x81, 3, 0xc3, 0x28, 0x41]],
    row: 'text',
    finding: 'The text is not valid UTF-8.',
    close: /^1007/,
    fails: true,
  },
] as const satisfies readonly {
  title: string
  answer: (head: string) => string | readonly (string | readonly number[])[]
  ends?: boolean
  row: string
  finding: string
  close: RegExp | null
  fails: boolean
}[]

test.describe('a WebSocket server that breaks the protocol', () => {
  for (const probe of PROBES.slice(0, 2))
    for (const breach of BREACHES)
      test(`${nameOf(probe)}: ${breach.title}`, async ({ app }) => {
        const server = await rawServer((socket, head) => {
          const said = breach.answer(head)
          const parts: readonly (string | readonly number[])[] = typeof said === 'string' ? [said] : said
          const bytes = Buffer.concat(
            parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([...part]))),
          )
          if ('ends' in breach) socket.end(bytes)
          else socket.write(bytes)
        })
        const window = inspector(app.window)
        await connectTo(window, server, probe)
        await expect(window.status).toContainText(breach.fails ? 'Failed' : 'Closed', { timeout: 20_000 })
        if (breach.fails) await expect(failure(app.window)).toContainText(/\w+\./)
        const row = window.rows(breach.row)
        expect((await window.cells(row)).who).toBe('server')
        await expectFinding(window, row, breach.finding)
        if (breach.close) {
          const frame = await window.cells(window.rows('close', breach.close).or(window.rows('close')).first())
          expect(frame.who).toBe('client')
          expect(frame.summary).toMatch(breach.close)
        }
        const rows = await countRows(window)
        await server.close()
        await expectStillWorks(window, rows)
      })
})

/** Resident memory of a process, bytes. */
const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024

test('an SSE line of 100 MB: given up at the limit, its beginning kept, and memory stays bounded', async ({
  browser,
  dataDirectory,
  watch,
}, { project }) => {
  test.skip(project.name === 'electron', 'the engine is a process of its own there')
  test.setTimeout(120_000)
  const MB = 1_000_000
  const piece = Buffer.alloc(MB, 'x')
  const server = await rawServer((socket) => {
    socket.write(`${STREAM_HEAD}data: before\n\ndata: `)
    let left = 100
    const more = (): void => {
      while (left-- > 0) if (!socket.write(piece)) return void socket.once('drain', more)
      socket.write('\n\ndata: after\n\n')
    }
    more()
  })
  const host = await startHost(dataDirectory)
  const page = await browser.newPage()
  watch(page)
  await page.goto(host.url)
  const window = inspector(page)
  await expect(page.getByRole('textbox', { name: 'URL' })).toBeVisible()
  const measurable = process.platform === 'linux'
  const before = measurable ? memoryOf(host.process.pid!) : 0
  let most = 0
  const watching = setInterval(() => {
    if (measurable) most = Math.max(most, memoryOf(host.process.pid!))
  }, 20)

  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await window.connect()
  await expect(failure(page)).toContainText('An event grew past 4194304 bytes; the client gave up.', {
    timeout: 60_000,
  })
  clearInterval(watching)
  await chooseChip(page, 'Events')
  await expect(window.rows('event', 'before')).toHaveCount(1)
  const long = window.rows('event', 'xxx')
  await expect(long).toHaveCount(1)
  // What came until then, not what was meant to come.
  const { wire } = await window.cells(long)
  expect(wire).toBeGreaterThan(4 * 1024 * 1024)
  expect(wire).toBeLessThan(20 * MB)
  await long.click()
  await expect(window.detail.getByText('The event block is larger than the limit')).toBeVisible({ timeout: 30_000 })
  if (measurable) expect((most - before) / MB).toBeLessThan(400)
  await page.close()
  await end(host.process)
  await server.close()
})

const chooseChip = (page: Page, name: string): Promise<void> =>
  page.getByRole('group', { name: 'Filter' }).getByRole('button', { name, exact: true }).click()

test('a port in use: the server says which one it took instead', async ({ app }) => {
  const taken = createServer()
  taken.listen(8004, '127.0.0.1')
  // Somebody else may have it: taken is taken.
  await once(taken, 'listening').catch(() => undefined)
  const window = inspector(app.window)
  const url = await window.startServer('WebSocket ws')
  const { port } = new URL(url)
  expect(port).not.toBe('8004')
  await expect(notices(app.window)).toContainText(/8004/)
  await expect(notices(app.window)).toContainText(port)
  await window.connect()
  await expect(window.rows('response', '101')).toBeVisible()
  taken.close()
})
