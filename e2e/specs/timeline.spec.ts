/** The list of rows: filters, keys, the end that it follows, a hundred thousand rows, panes, past captures, saving. */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { inspector, type Inspector } from '../pages/inspector.ts'
import { timeline, type Timeline } from '../pages/timeline.ts'
import { FLOOD_MORE, floodText } from '../servers/flood-frame.ts'
import { startServer, type ServerProcess } from '../servers/start.ts'

/** Rows before the first frame: connect, request, response. */
const BEFORE = 3

let server: ServerProcess
test.beforeAll(async () => {
  server = await startServer('flood')
})
test.afterAll(() => server.stop())

async function connectToFlood(page: Page, count: number): Promise<{ window: Inspector; list: Timeline }> {
  const window = inspector(page)
  const list = timeline(page)
  await window.typeUrl(`ws://127.0.0.1:${server.port}/${count}`)
  await window.connect()
  await expect.poll(() => list.count(), { timeout: 60_000 }).toBe(BEFORE + count)
  return { window, list }
}

/** Ten more rows from the server, and the one that asked for them. */
async function sendMore(window: Inspector, list: Timeline): Promise<number> {
  const before = await list.count()
  await window.send('Text', 'more')
  await expect.poll(() => list.count()).toBe(before + 1 + FLOOD_MORE)
  return before + 1 + FLOOD_MORE
}

test('a row is known by its number, whatever figures others show', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 200)
  await window.settle()
  const { wire } = await window.cells(list.row(BEFORE + 1))
  const numbers = await list.numbers()
  expect(numbers).not.toContain(wire) // it is out of sight, and the size of rows that are not
  await expect(list.row(wire!)).toHaveCount(0)
  for (const number of numbers) expect(await window.cells(list.row(number))).toMatchObject({ number: String(number) })
})

test('a hundred thousand rows at once: none is lost, any can be reached, few exist', async ({ app }) => {
  test.setTimeout(120_000)
  const COUNT = 100_000
  const { window, list } = await connectToFlood(app.window, COUNT)
  await list.expectEnd(BEFORE + COUNT)
  await expect(window.status).toContainText(/100\s003 rows/)

  for (const share of [0, 0.5, 0.123, 0.999, 1, 0.01]) {
    await list.scrollTo(share)
    // The scroll event comes with the next frame, and rows that are not here yet have no number.
    await expect(async () => {
      const lines = await list.lines()
      const first = lines[0]!.number
      expect(Math.abs(first - share * COUNT)).toBeLessThan(50)
      expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => first + index))
      for (const { number, summary } of lines) if (number > BEFORE) expect(summary).toBe(floodText(number - BEFORE))
    }).toPass({ timeout: 10_000 })
    expect(await list.grid.getByRole('row').count()).toBeLessThan(60)
  }

  await list.search.fill('"number":77777,')
  await expect.poll(() => list.count()).toBe(1)
  expect(await list.lines()).toEqual([{ number: BEFORE + 77_777, summary: floodText(77_777) }])
  await list.search.fill('/"number":9999\\d,/')
  await expect.poll(() => list.count()).toBe(10)
  expect(await list.numbers()).toEqual(Array.from({ length: 10 }, (_, i) => BEFORE + 99_990 + i))
  await list.search.press('Escape')
  await expect.poll(() => list.count()).toBe(BEFORE + COUNT)
})

test('chips choose by sender and by kind and add up; a regex that is none is taken literally', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 5)
  await sendMore(window, list)
  await window.sendClose(1000, '')
  await expect(window.rows('close').first()).toBeVisible()
  const all = await list.count()
  const senders = async (): Promise<string[]> => [
    ...new Set(
      await list.grid
        .getByRole('gridcell', { name: /^(client|server|local)$/ })
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? '')),
    ),
  ]

  await list.chip('Client').click()
  await expect.poll(senders).toEqual(['client'])
  await list.chip('Client').click()
  await list.chip('Frames').click()
  await expect.poll(() => list.count()).toBe(5 + 1 + FLOOD_MORE)
  await expect(window.rows('close')).toHaveCount(0)
  await list.chip('HTTP').click()
  await expect.poll(() => list.count()).toBe(5 + 1 + FLOOD_MORE + 2)
  await list.chip('Server').click()
  await expect.poll(() => list.count()).toBe(5 + FLOOD_MORE + 1)
  await list.chip('All').click()
  await expect.poll(() => list.count()).toBe(all)

  await list.search.fill('/[/')
  await expect(app.window.getByText('literal', { exact: true })).toBeVisible()
  await expect(app.window.getByText('No row fits the filter.')).toBeVisible()
  await app.window.getByRole('button', { name: 'Show all rows' }).click()
  await expect.poll(() => list.count()).toBe(all)
  await expect(list.search).toHaveValue('')
})

test('the keys: to the URL, to the search, along the rows, into a row and out again', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 500)
  const { keyboard } = app.window
  await keyboard.press('Control+L')
  await expect(app.window.getByRole('textbox', { name: 'URL' })).toBeFocused()
  await keyboard.press('Control+K')
  await expect(list.search).toBeFocused()
  await keyboard.press('Escape')
  await expect(list.grid.or(list.grid.getByRole('rowgroup')).first()).toBeVisible()

  await keyboard.press('Home')
  await expect.poll(() => list.cursor()).toBe(1)
  expect((await list.numbers())[0]).toBe(1)
  await keyboard.press('j')
  await keyboard.press('ArrowDown')
  await expect.poll(() => list.cursor()).toBe(3)
  await keyboard.press('k')
  await expect.poll(() => list.cursor()).toBe(2)
  await keyboard.press('Enter')
  await expect(window.detail.getByText('#2', { exact: true }).first()).toBeVisible()
  // The detail goes along.
  await keyboard.press('ArrowUp')
  await expect(window.detail.getByText('#1', { exact: true }).first()).toBeVisible()
  await keyboard.press('Escape')
  await expect(window.detail.getByText('#1', { exact: true })).toHaveCount(0)

  await keyboard.press('End')
  await expect.poll(() => list.cursor()).toBe(503)
  await list.expectEnd(503)
  const page = (await list.numbers()).length
  await keyboard.press('PageUp')
  const cursor = (await list.cursor())!
  expect(503 - cursor).toBeGreaterThan(page - 4)
  expect(503 - cursor).toBeLessThan(page + 1)
  await keyboard.press('PageDown')
  await expect.poll(() => list.cursor()).toBe(503)

  await keyboard.press('?')
  await expect(app.window.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(app.window.getByRole('dialog', { name: 'Keys' })).toBeHidden()
})

test('it follows its end until the reader pulls away, and again once the end is reached', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 200)
  await expect(list.following).toHaveAttribute('aria-pressed', 'true')
  await list.expectEnd(await sendMore(window, list))

  await list.wheel(-240)
  await expect(list.following).toHaveAttribute('aria-pressed', 'false')
  const still = await list.numbers()
  await sendMore(window, list)
  expect(await list.numbers()).toEqual(still)

  await list.wheel(100_000)
  await expect(list.following).toHaveAttribute('aria-pressed', 'true')
  await list.expectEnd(await sendMore(window, list))
})

test('the keys go on from the rows in sight when the end has moved away from the cursor', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 200)
  await list.grid.focus()
  await app.window.keyboard.press('End')
  const page = (await list.numbers()).length
  let last = 0
  while (last <= 203 + 2 * page) last = await sendMore(window, list)
  await list.expectEnd(last)
  await list.grid.focus()
  await app.window.keyboard.press('PageUp')
  await expect.poll(() => list.cursor()).toBeGreaterThan(last - page - 1)
  await expect(list.following).toHaveAttribute('aria-pressed', 'false')
  await app.window.keyboard.press('PageUp')
  await expect.poll(() => list.cursor()).toBeLessThan(last - page)
})

test('while a row is open nothing moves; closing it goes on following', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 200)
  await list.expectEnd(203)
  const before = await list.numbers()
  await window.open(list.row(before[4]!))
  await sendMore(window, list)
  expect(await list.numbers()).toEqual(before)
  await expect(window.detail.getByText(`#${before[4]!}`, { exact: true }).first()).toBeVisible()
  await list.grid.focus()
  await app.window.keyboard.press('Escape')
  await list.expectEnd(214)
})

test('the detail stands right or below; keys hide it and the side', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 3)
  const side = app.window.getByRole('navigation', { name: 'Servers and captures' })
  await window.open(list.row(4))
  const box = async (): Promise<{ x: number; y: number }> => (await window.detail.boundingBox())!
  await app.window.getByRole('button', { name: /^Put the detail (below|right)$/ }).click()
  const one = await box()
  await app.window.getByRole('button', { name: /^Put the detail (below|right)$/ }).click()
  const other = await box()
  expect(one.x !== other.x && one.y !== other.y).toBe(true)

  await app.window.keyboard.press('Control+J')
  await expect(window.detail).toBeHidden()
  await app.window.keyboard.press('Control+J')
  await expect(window.detail).toBeVisible()
  await app.window.keyboard.press('Control+B')
  await expect(side).toBeHidden()
  await app.window.keyboard.press('Control+B')
  await expect(side).toBeVisible()
})

test('a past capture is there after a reload: opened, renamed, deleted', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 7)
  await window.disconnect()
  const rows = await list.count()
  await app.window.reload()
  const captures = app.window.getByRole('list', { name: 'Captures' })
  await expect(captures.getByRole('listitem')).toHaveCount(1)
  await captures.getByRole('listitem').getByRole('button').first().click()
  await expect.poll(() => list.count()).toBe(rows)
  await expect(window.rows('text', floodText(7))).toHaveCount(1)

  await captures.getByRole('button', { name: /^More about capture/ }).click()
  await app.window.getByRole('menuitem', { name: 'Rename' }).click()
  await app.window.getByRole('textbox', { name: 'Name of the capture' }).fill('seven frames')
  await app.window.keyboard.press('Enter')
  await expect(captures.getByRole('button', { name: /^seven frames/ })).toBeVisible()
  await app.window.reload()
  await expect(captures.getByRole('button', { name: /^seven frames/ })).toBeVisible()

  await captures.getByRole('button', { name: /^More about capture/ }).click()
  await app.window.getByRole('menuitem', { name: 'Delete' }).click()
  await app.window.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(captures).toHaveCount(0)
  await app.window.reload()
  await expect(app.window.getByText('Each connection is kept here until you delete it.')).toBeVisible()
})

test('a past capture opens at its first row, whatever end was followed before', async ({ app }) => {
  for (const rows of [200, 300]) {
    const { window } = await connectToFlood(app.window, rows)
    await window.disconnect()
  }
  const list = timeline(app.window)
  const captures = app.window.getByRole('list', { name: 'Captures' })
  const open = async (rows: number): Promise<void> => {
    await captures
      .getByRole('button', { name: new RegExp(`/${rows}\\b`) })
      .first()
      .click()
    // The frames, and the few rows around them.
    await expect.poll(async () => Math.round((await list.count()) / 100)).toBe(rows / 100)
    await expect.poll(async () => (await list.numbers())[0]).toBe(1)
  }
  await open(200)
  await list.grid.focus()
  await app.window.keyboard.press('End')
  await expect(list.following).toHaveAttribute('aria-pressed', 'true')
  await open(300)
  await app.window.reload()
  await open(200)
})

test('Ctrl+S saves NDJSON: a line for each row, with the same facts', async ({ app }) => {
  const { window, list } = await connectToFlood(app.window, 12)
  await window.disconnect()
  const { name, text } = await app.system.saved(() => app.window.keyboard.press('Control+S'))
  expect(name).toMatch(/\.ndjson$/)
  expect(text.endsWith('\n')).toBe(true)
  const saved = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; kind: string; text?: string; wireLength?: number })
  expect(saved.map(({ seq }) => seq)).toEqual(Array.from({ length: await list.count() }, (_, i) => i + 1))
  expect(saved.filter(({ kind, text: words }) => kind === 'ws-frame' && words).map(({ text: words }) => words)).toEqual(
    Array.from({ length: 12 }, (_, i) => floodText(i + 1)),
  )
  for (const { seq, wireLength } of saved.slice(0, 10))
    expect((await window.cells(list.row(seq))).wire).toBe(wireLength ?? null)
})
