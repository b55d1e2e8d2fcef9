/** The pages of the six reference servers in a plain browser: values arrive by the technique's own API. */
import { createInterface } from 'node:readline'
import { end, expect, startCli, test } from '../fixtures.ts'

interface Line {
  technique: string
  variant: string | null
  url: string
}

/** How the page says a value came. */
const VIA: Readonly<Record<string, RegExp>> = {
  polling: /^fetch 200$/,
  'long-polling': /^fetch 200$/,
  'iframe-stream': /^parent\.tick\(\)$/,
  sse: /^message$/,
  websocket: /^text$/,
}

test('every server prints its line, and its page shows ticks that grow by one', async ({ browser }, { project }) => {
  test.skip(project.name === 'electron', 'the pages are for plain browsers')
  const command = startCli(['servers', '--json', '--port', '0'])
  const lines: Line[] = []
  for await (const text of createInterface({ input: command.stdout! })) {
    lines.push(JSON.parse(text) as Line)
    if (lines.length === 6) break
  }
  expect(lines.map(({ technique, variant }) => [technique, variant])).toEqual([
    ['polling', null],
    ['long-polling', null],
    ['iframe-stream', null],
    ['sse', null],
    ['websocket', 'library'],
    ['websocket', 'raw'],
  ])
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  for (const { technique, url } of lines) {
    await page.goto(new URL('/', url.replace(/^ws/, 'http')).href)
    const rows = page.getByRole('row').filter({ has: page.getByRole('cell') })
    await expect(rows.nth(1)).toBeVisible()
    await expect(rows.first().getByRole('cell').nth(3)).toHaveText(VIA[technique]!)
    // The newest row is on top; both are read at once, as another may come in between.
    const numbers = await rows.evaluateAll((all) => all.map((row) => Number(row.children[0]?.textContent)))
    expect(numbers[0]! - numbers[1]!).toBe(1)
  }
  expect(faults).toEqual([])
  await page.close()
  await end(command)
})
