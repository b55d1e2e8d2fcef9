/** What has been captured stays: over reloads, beside other windows and hosts, after corruption and sudden death. */
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { end, expect, startHost, test } from '../fixtures.ts'
import { inspector } from '../pages/inspector.ts'
import { keepSetting } from '../settings.ts'
import { timeline } from '../pages/timeline.ts'
import { FLOOD_MORE, floodText } from '../servers/flood-frame.ts'
import { startServer, type ServerProcess } from '../servers/start.ts'

/** Rows before the first frame: connect, request, response. */
const BEFORE = 3

let server: ServerProcess
test.beforeAll(async () => {
  server = await startServer('flood')
})
test.afterAll(() => server.stop())

const captures = (page: Page) => page.getByRole('list', { name: 'Captures' })

async function capture(page: Page, count: number): Promise<void> {
  await inspector(page).typeUrl(`ws://127.0.0.1:${server.port}/${count}`)
  await inspector(page).connect()
  await expect.poll(() => timeline(page).count(), { timeout: 30_000 }).toBe(BEFORE + count)
}

/** A window of another host. */
async function openWindow(browser: Browser, url: string, watch: (page: Page) => void): Promise<Page> {
  const page = await browser.newPage()
  watch(page)
  await page.goto(url)
  await expect(page.getByRole('textbox', { name: 'URL' })).toBeVisible()
  return page
}

test('a window that is reloaded in the middle of a capture finds it again, still going on', async ({ app }) => {
  await capture(app.window, 1_000)
  await app.window.reload()
  const list = timeline(app.window)
  const window = inspector(app.window)
  await expect.poll(() => list.count()).toBe(BEFORE + 1_000)
  await expect(window.status).toContainText('Open')
  await list.scrollTo(0.5)
  await expect.poll(async () => (await list.lines()).every(({ number }) => number > 0)).toBe(true)
  for (const { number, summary } of await list.lines()) expect(summary).toBe(floodText(number - BEFORE))
  await window.send('Text', 'more')
  await expect.poll(() => list.count()).toBe(BEFORE + 1_000 + 1 + FLOOD_MORE)
  await window.disconnect()
  await expect(window.status).toContainText('Closed')
})

test('two windows on one host see the same captures and servers', async ({ app, watch }) => {
  test.skip(app.url === '', 'Electron has one window')
  const first = app.window
  const second = await first.context().newPage()
  watch(second)
  await second.goto(app.url)
  await capture(first, 20)
  const open = captures(second).getByRole('listitem').getByRole('button').first()
  await open.click()
  await expect.poll(() => timeline(second).count()).toBe(BEFORE + 20)
  await inspector(first).send('Text', 'more')
  await expect.poll(() => timeline(second).count()).toBe(BEFORE + 20 + 1 + FLOOD_MORE)
  await inspector(second).disconnect()
  await expect(inspector(first).status).toContainText('Closed')

  await inspector(first).startServer('Polling')
  await expect(second.getByRole('button', { name: 'Stop Polling', exact: true })).toBeVisible()
  await second.close()
  // The first goes on as if nothing were.
  await capture(first, 5)
})

test('two hosts with one data directory do not step on each other', async ({ app, browser, watch }) => {
  test.skip(app.url === '', 'Electron is one instance')
  const other = await startHost(app.dataDirectory)
  const second = await openWindow(browser, other.url, watch)
  await Promise.all([capture(app.window, 30), capture(second, 40)])
  await Promise.all([inspector(app.window).disconnect(), inspector(second).disconnect()])
  await second.close()
  await end(other.process)

  const third = await startHost(app.dataDirectory)
  const page = await openWindow(browser, third.url, watch)
  await expect(captures(page).getByRole('listitem')).toHaveCount(2)
  const list = timeline(page)
  const last: string[] = []
  for (const item of await captures(page).getByRole('listitem').all()) {
    await item.getByRole('button').first().click()
    await expect(item.getByRole('button').first()).toHaveAttribute('aria-current', 'true')
    await expect.poll(() => list.count()).toBeGreaterThan(BEFORE)
    await list.chip('Frames').click()
    const end = async (): Promise<string | undefined> => {
      await list.scrollTo(1) // again, since the rows chosen may have come only now
      return (await list.lines()).at(-1)?.summary
    }
    await expect.poll(end).toMatch(/^\{"number":[34]0,/)
    last.push((await list.lines()).at(-1)!.summary)
    await list.chip('All').click()
  }
  expect(last.sort()).toEqual([floodText(30), floodText(40)])
  await page.close()
  await end(third.process)
})

test('corrupt files among the captures are not fatal, and the good one opens', async ({
  browser,
  dataDirectory,
  watch,
}, { project }) => {
  test.skip(project.name === 'electron', 'it starts hosts of its own')
  const first = await startHost(dataDirectory)
  let page = await openWindow(browser, first.url, watch)
  await capture(page, 10)
  await inspector(page).disconnect()
  await page.close()
  await end(first.process)

  const folder = join(dataDirectory, 'captures')
  const good = readdirSync(folder).find((name) => name.endsWith('.pushscope'))!
  const name = (n: number): string => join(folder, `2020010100000000${n}-abcde${n}.pushscope`)
  writeFileSync(name(1), 'this is no database')
  writeFileSync(name(2), '')
  copyFileSync(join(folder, good), name(3))
  truncateSync(name(3), 5_000)
  const bytes = readFileSync(join(folder, good))
  writeFileSync(name(4), bytes.fill(0xff, 200, Math.min(bytes.length, 70_000)))

  const second = await startHost(dataDirectory)
  page = await openWindow(browser, second.url, watch)
  await captures(page).getByRole('listitem').first().getByRole('button').first().click()
  await expect.poll(() => timeline(page).count()).toBeGreaterThanOrEqual(BEFORE + 10)
  await expect(inspector(page).rows('text', floodText(10))).toHaveCount(1)
  // Whatever of the broken ones is listed can be asked for without harm.
  for (const item of (await captures(page).getByRole('listitem').all()).slice(1))
    await item.getByRole('button').first().click()
  await capture(page, 15)
  await page.close()
  await end(second.process)
})

test('a host that is killed in the middle of a capture: started again, the capture is there', async ({
  browser,
  dataDirectory,
  watch,
}, { project }) => {
  test.skip(project.name === 'electron', 'it starts hosts of its own')
  const COUNT = 20_000
  const first = await startHost(dataDirectory)
  let page = await openWindow(browser, first.url, watch)
  await capture(page, COUNT)
  // A page is written at the latest 50 ms after its first row; the next answer comes after that.
  await inspector(page).send('Text', 'more')
  await expect.poll(() => timeline(page).count()).toBe(BEFORE + COUNT + 1 + FLOOD_MORE)
  first.process.kill('SIGKILL')
  await once(first.process, 'exit')
  await expect(page.getByRole('status', { name: 'Engine' })).toContainText('nothing that was captured is lost')
  await page.close()

  const second = await startHost(dataDirectory)
  page = await openWindow(browser, second.url, watch)
  await captures(page).getByRole('listitem').first().getByRole('button').first().click()
  const list = timeline(page)
  await expect.poll(() => list.count()).toBeGreaterThanOrEqual(BEFORE + COUNT)
  await list.scrollTo(0.5)
  await expect.poll(async () => (await list.lines()).every(({ number }) => number > 0)).toBe(true)
  for (const { number, summary } of await list.lines()) expect(summary).toBe(floodText(number - BEFORE))
  await page.close()
  await end(second.process)
})

test('settings that do not make sense are as if they were not there', async ({ app }) => {
  const NAMES =
    'side right below composer sideShown detailShown placement theme hiddenColumns payload-wrap detail-tabs'.split(' ')
  const { window: page } = app
  await capture(page, 5)
  for (const value of ['{', '', 'null', '"\\ud800"', '{"__proto__":{"a":1}}', '[[]]', '1e999', '-1e9', '[null]']) {
    for (const name of NAMES) keepSetting(app.dataDirectory, name, value)
    await page.reload()
    await expect.poll(() => timeline(page).count(), value).toBe(BEFORE + 5)
    await inspector(page).open(inspector(page).rows('text', floodText(5)))
    for (const part of [timeline(page).grid, inspector(page).detail, captures(page)])
      expect((await part.boundingBox())!.width, value).toBeGreaterThan(100)
  }
})
