/**
 * Bytes that mean harm, in every place where the window shows captured bytes: no script runs, nothing is fetched, no
 * line is broken or turned around, and what is copied is what came. Secrets stay hidden until asked for.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { inspector, type Inspector } from '../pages/inspector.ts'
import { askFor, chooseTechnique } from '../pages/request.ts'
import { timeline } from '../pages/timeline.ts'
import { httpAnswer, rawServer, STREAM_HEAD, switching } from '../servers/raw.ts'

const ROW_HEIGHT = 24 // px

/** Whatever reaches it was fetched because of captured bytes. */
let canary: Server
const reached: string[] = []
test.beforeAll(async () => {
  canary = createServer((request, response) => {
    reached.push(request.url ?? '')
    response.end()
  }).listen(0, '127.0.0.1')
  await once(canary, 'listening')
})
test.afterAll(() => {
  canary.closeAllConnections()
  canary.close()
})
test.beforeEach(() => {
  reached.length = 0
})

const canaryUrl = (): string => `http://127.0.0.1:${(canary.address() as AddressInfo).port}/`

const markup = (): string => {
  const run = `window.harmed=1;fetch('${canaryUrl()}')`
  return `"'><img src="${canaryUrl()}" onerror="${run}"><script>${run}</script><svg onload="${run}"></svg><style>*{display:none}</style><iframe src="${canaryUrl()}"></iframe>`
}
const ANSI = '\x1b[31mred\x1b[2J\x1b]0;title\x07'
const BIDI = 'a\u202egnp.exe\u2066\u2069\u200f'
const ZERO_WIDTH = 'z\u200b\u200d\ufeffw\u2028\u2029'
const NUL = 'n\0l\x7f\x85'
/** Short enough for a close reason. */
const SHORT = `<img src=x onerror=window.harmed=1>${ANSI}${BIDI}`

const everything = (): string => `${markup()}${ANSI}${BIDI}${ZERO_WIDTH}${NUL}\u00e9\u{1f600}`

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const header = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10)
  header[0] = 0x80 | opcode
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

/** Nothing of what was shown came to life, and the window stands as it stood. */
async function expectHarmless(page: Page): Promise<void> {
  const state = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('[role=rowgroup] > * > * > * > [role=row]')]
    const scroller = document.querySelector('[role=grid] [role=rowgroup]')
    return {
      harmed: 'harmed' in window,
      heights: [...new Set(boxes.map((row) => row.getBoundingClientRect().height))],
      wider: document.documentElement.scrollWidth > window.innerWidth,
      taller: document.documentElement.scrollHeight > window.innerHeight,
      listWider: scroller !== null && scroller.scrollWidth > scroller.clientWidth,
      // Captured bytes make no elements: the window itself has no frames, and no scripts but its own.
      elements: document.querySelectorAll('iframe, img, script:not([src]), object, embed').length,
      title: document.title,
    }
  })
  expect(state).toEqual({
    harmed: false,
    heights: [ROW_HEIGHT],
    wider: false,
    taller: false,
    listWider: false,
    elements: 0,
    title: 'Pushscope',
  })
  expect(reached).toEqual([])
}

/** Opens every row, and every tab of it, and every way to look at its payload. */
async function lookAtEverything(window: Inspector): Promise<void> {
  const { page, detail } = window
  const list = timeline(page)
  for (const number of await list.numbers()) {
    await window.open(list.row(number))
    const tabs = detail.getByRole('tablist', { name: 'Detail tabs' }).getByRole('tab')
    for (const tab of await tabs.all()) {
      await tab.click()
      const views = detail.getByRole('tablist', { name: 'Payload as' }).getByRole('tab')
      for (const view of await views.all()) await view.click()
      await expectHarmless(page)
    }
  }
}

test.beforeEach(({ app }) => {
  app.window.on('dialog', (dialog) => {
    reached.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
})

test('in WebSocket headers, messages, pings and close reasons', async ({ app }) => {
  test.setTimeout(120_000)
  const json = JSON.stringify({ [markup()]: everything(), proto: '\ud800', list: [SHORT] })
  const server = await rawServer((socket, head) => {
    const header = Buffer.from(`X-Evil: ${markup()}\u00ff\u0080${'w'.repeat(5_000)}\r\n`, 'latin1').toString('latin1')
    socket.write(switching(head, header), 'latin1')
    socket.write(
      Buffer.concat([
        frame(1, Buffer.from(everything())),
        frame(1, Buffer.from(json)),
        frame(1, Buffer.from('<b>'.repeat(350_000))),
        frame(2, Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0, 0xff])), // halves of surrogate pairs
        frame(9, Buffer.from(SHORT)),
        frame(8, Buffer.concat([Buffer.from([0x0f, 0xa1]), Buffer.from(SHORT)])), // 4001
      ]),
    )
  })
  const window = inspector(app.window)
  await window.typeUrl(`ws://127.0.0.1:${server.port}/`)
  await window.connect()
  await expect(window.status).toContainText('Closed')
  await expectHarmless(app.window)
  await lookAtEverything(window)

  // What is copied is what came, hidden characters included.
  await window.open(window.rows('text').first())
  const panel = await window.tab('Payload')
  await panel.getByRole('tab', { name: 'Text' }).click()
  await panel.getByRole('button', { name: 'Copy text' }).click()
  await expect(panel.getByText('Copied', { exact: true })).toBeVisible()
  expect(await app.system.clipboard()).toBe(everything())
  await panel.getByRole('tab', { name: 'Hex' }).click()
  await panel.getByRole('button', { name: 'Copy hex' }).click()
  await expect
    .poll(async () => (await app.system.clipboard()).replace(/\s/g, ''))
    .toBe(Buffer.from(everything()).toString('hex'))
  await server.close()
})

test('in event names, ids, data, comments and unknown fields', async ({ app }) => {
  test.setTimeout(120_000)
  const word = `${markup()}${ANSI}${BIDI}${ZERO_WIDTH.replace(/[\u2028\u2029]/g, '')}`
  const stream = `event: ${word}\nid: ${word}\ndata: ${word}${NUL}\ndata: second\n\n:${word}\n${word}: ${word}\nretry: ${word}\ndata: {"${BIDI}":"${ANSI.replaceAll('\x1b', '')}"}\n\nid: nul\0nul\n\n`
  const server = await rawServer((socket) => socket.end(STREAM_HEAD + stream))
  const window = inspector(app.window)
  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await chooseTechnique(app.window, 'Server-Sent Events')
  await askFor(app.window, { reconnect: false })
  await window.connect()
  await expect(window.rows('event').first()).toBeVisible()
  await expect(window.status).toContainText('Closed')
  await lookAtEverything(window)
  await server.close()
})

test('in the scripts of an iframe stream', async ({ app }) => {
  test.setTimeout(120_000)
  const server = await rawServer((socket) =>
    socket.end(
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<!doctype html>${markup()}\n` +
        `<script>parent.tick(${JSON.stringify(everything())})</script>\n` +
        `<script>document.write(${JSON.stringify(SHORT)})</script>\n<script>window.harmed=1</script>\n`,
    ),
  )
  const window = inspector(app.window)
  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await chooseTechnique(app.window, 'Iframe streaming')
  await askFor(app.window, { reconnect: false })
  await window.connect()
  await expect(window.rows('script').first()).toBeVisible()
  await expect(window.status).toContainText('Closed')
  await lookAtEverything(window)
  await server.close()
})

test('in a reason phrase, header names and a body of a refusal', async ({ app }) => {
  test.setTimeout(120_000)
  const server = await rawServer((socket) =>
    socket.end(
      Buffer.from(
        httpAnswer(`404 ${markup()}`, { 'X-Evil': `${markup()}\u0085`, 'Content-Type': markup() }, everything()),
        'utf8',
      ),
    ),
  )
  const window = inspector(app.window)
  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await chooseTechnique(app.window, 'Polling')
  await window.connect()
  await expect(window.status).toContainText('Failed')
  await lookAtEverything(window)
  await server.close()
})

test('in a head that no parser takes', async ({ app }) => {
  test.setTimeout(120_000)
  const server = await rawServer((socket) =>
    socket.end(`HTTP/1.1 200 ${ANSI}\r\n${markup()}: ${markup()}\r\nX-Nul: ${NUL}\r\n\r\n${markup()}`),
  )
  const window = inspector(app.window)
  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await chooseTechnique(app.window, 'Polling')
  await window.connect()
  await expect(window.status).toContainText('Failed')
  await lookAtEverything(window)
  await server.close()
})

test('in a URL, and in the name of a capture', async ({ app }) => {
  const server = await rawServer((socket) => socket.end(httpAnswer('200 OK', {}, 'x')))
  const window = inspector(app.window)
  await window.typeUrl(
    `http://127.0.0.1:${server.port}/${encodeURI(SHORT)}?${'q'.repeat(4_000)}<img src=x onerror=window.harmed=1>`,
  )
  await chooseTechnique(app.window, 'Polling')
  await window.connect()
  await expect(window.rows('body').first()).toBeVisible()
  await window.disconnect()
  await expectHarmless(app.window)

  const captures = app.window.getByRole('list', { name: 'Captures' })
  await captures.getByRole('button', { name: /^More about capture/ }).click()
  await app.window.getByRole('menuitem', { name: 'Rename' }).click()
  const name = `<img src=x onerror=window.harmed=1>${BIDI}${'n'.repeat(100)}`
  await app.window.getByRole('textbox', { name: 'Name of the capture' }).fill(name)
  await app.window.keyboard.press('Enter')
  await expect(captures).toContainText('<img src=x')
  expect((await captures.getByRole('listitem').boundingBox())!.height).toBe(30)
  await expectHarmless(app.window)
  await app.window.reload()
  await expect(captures).toContainText('<img src=x')
  await captures.getByRole('button', { name: /^More about capture/ }).click()
  await app.window.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(app.window.getByRole('alertdialog')).toContainText('<img src=x')
  expect(await app.window.evaluate(() => 'harmed' in window)).toBe(false)
  await server.close()
})

test('secrets are dots on the screen until they are asked for', async ({ app }) => {
  const SECRETS = ['QWxhZGRpbjpvcGVuc2VzYW1l', 'c0ffee-session', 'topsecrettoken', 'set-by-server']
  const server = await rawServer((socket) =>
    socket.end(
      httpAnswer('200 OK', { 'Set-Cookie': `sid=${SECRETS[3]!}; HttpOnly`, 'Content-Type': 'text/plain' }, 'ok'),
    ),
  )
  const window = inspector(app.window)
  await window.typeUrl(`http://127.0.0.1:${server.port}/`)
  await chooseTechnique(app.window, 'Polling')
  await askFor(app.window, {
    headers: [
      ['Authorization', `Basic ${SECRETS[0]!}`],
      ['Cookie', `sid=${SECRETS[1]!}; theme=dark`],
      ['X-Api-Key', SECRETS[2]!],
    ],
    reconnect: false,
  })
  await window.connect()
  await expect(window.rows('body').first()).toBeVisible()
  await window.disconnect()
  const shown = (): Promise<string> => app.window.evaluate(() => document.body.innerText)

  const list = timeline(app.window)
  for (const number of (await list.numbers()).slice(0, 5)) {
    await window.open(list.row(number))
    for (const tab of await window.detail.getByRole('tablist', { name: 'Detail tabs' }).getByRole('tab').all()) {
      await tab.click()
      for (const secret of SECRETS) expect(await shown()).not.toContain(secret)
    }
  }

  await window.open(window.rows('request').first())
  const panel = await window.tab('Request')
  const authorization = panel.getByRole('listitem').filter({ hasText: /^authorization:/i })
  await expect(authorization).toContainText('Basic ••••••••')
  await panel.getByRole('button', { name: /Show the value of Authorization/i }).click()
  await expect(authorization).toContainText(SECRETS[0]!)
  expect(await shown()).not.toContain(SECRETS[1]!)
  expect(server.heads[0]).toContain(SECRETS[0]!)
  await server.close()
})
