/** Every view in both themes before axe; the whole window by keyboard alone, with the focus always in sight. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { inspector, type Inspector } from '../pages/inspector.ts'
import { timeline } from '../pages/timeline.ts'
import { floodFrame } from '../servers/flood-frame.ts'
import { rawServer, switching } from '../servers/raw.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  impact: string | null
  nodes: { html: string; failureSummary?: string }[]
}

/**
 * The list scrolls inside a grid that has the focus and every scrolling key (timeline.spec drives them); axe looks for
 * a focus in the scrolled part alone, where a second stop for Tab would only be in the way.
 */
const isListInItsGrid = (rule: string, html: string): boolean =>
  rule === 'scrollable-region-focusable' && html.includes('class="scroller" role="rowgroup"')

/** What axe calls serious or critical, in light and in dark. */
async function expectAccessible(page: Page, view: string, except: readonly string[] = []): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    const violations = (await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    )) as Violation[]
    const grave = violations
      .map(({ nodes, ...rest }) => ({ ...rest, nodes: nodes.filter(({ html }) => !isListInItsGrid(rest.id, html)) }))
      .filter(({ nodes }) => nodes.length > 0)
      .filter(({ id, impact }) => (impact === 'serious' || impact === 'critical') && !except.includes(id))
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
      )
    expect(grave, `${view}, ${colorScheme}`).toEqual([])
  }
}

/** Each tab of the open row, and each way to look at its payload. */
async function expectDetailAccessible(window: Inspector, view: string): Promise<void> {
  const tabs = window.detail.getByRole('tablist', { name: 'Detail tabs' }).getByRole('tab')
  for (const tab of await tabs.all()) {
    await tab.click()
    const name = `${view}, ${await tab.innerText()}`
    await expectAccessible(window.page, name)
    const views = window.detail.getByRole('tablist', { name: 'Payload as' }).getByRole('tab')
    for (const one of await views.all()) {
      await one.click()
      await expectAccessible(window.page, `${name} as ${await one.innerText()}`)
    }
  }
}

test('axe: empty, the request panel, the controls, the menus, the keys', async ({ app }) => {
  test.setTimeout(180_000)
  const page = app.window
  await expect(page.getByText('Type a URL, or choose a reference server')).toBeVisible()
  await expectAccessible(page, 'empty')
  await page.getByRole('button', { name: 'Request', exact: true }).click()
  await page.getByRole('button', { name: 'Add header' }).click()
  await expectAccessible(page, 'request panel')
  await page.keyboard.press('Escape')
  for (const server of ['Server-Sent Events', 'Iframe streaming']) {
    await page.getByRole('button', { name: `Controls of ${server}` }).click()
    await expectAccessible(page, `controls of ${server}`)
    await page.keyboard.press('Escape')
  }
  await page.getByRole('button', { name: 'More about Polling', exact: true }).click()
  await expectAccessible(page, 'menu of a server')
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Technique' }).click()
  // The rest is hidden while the list has the focus and keeps it; axe knows that of dialogs alone.
  await expectAccessible(page, 'techniques', ['aria-hidden-focus'])
  await page.keyboard.press('Tab')
  await expect(page.locator('[role=listbox]:focus, [role=listbox] :focus')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Keys' }).click()
  await expectAccessible(page, 'keys')
})

test('axe: a WebSocket, its handshake, its frames and its payload', async ({ app }) => {
  test.setTimeout(180_000)
  const window = inspector(app.window)
  await window.startServer('WebSocket ws')
  await window.connect()
  await expect(window.rows('text').first()).toBeVisible()
  await window.open(window.rows('text').first())
  await expectDetailAccessible(window, 'frame')
  await window.disconnect()
  await window.open(window.rows('response'))
  await window.tab('Handshake')
  await expectAccessible(app.window, 'handshake')
  await app.window.getByRole('button', { name: /^More about capture/ }).click()
  await expectAccessible(app.window, 'menu of a capture')
  await app.window.getByRole('menuitem', { name: 'Delete' }).click()
  await expectAccessible(app.window, 'the question before deleting')
})

for (const [server, kind] of [
  ['Server-Sent Events', 'event'],
  ['Polling', 'poll'],
  ['Iframe streaming', 'script'],
] as const)
  test(`axe: ${server}`, async ({ app }) => {
    test.setTimeout(180_000)
    const window = inspector(app.window)
    await window.startServer(server)
    await window.connect()
    await expect(window.rows(kind).first()).toBeVisible()
    await window.disconnect()
    await window.open(window.rows(kind).first())
    await expectDetailAccessible(window, kind)
  })

test('axe: a connection that failed', async ({ app }) => {
  const window = inspector(app.window)
  await window.typeUrl('ws://nowhere.invalid/')
  await window.connect()
  await expect(window.rows('error')).toBeVisible()
  await window.open(window.rows('error'))
  await expectAccessible(app.window, 'failed')
})

interface Stop {
  name: string
  /** It looks another way than without the focus. */
  visible: boolean
}

/** What has the focus now, and whether one can see it. */
const focused = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    if (!element || element === document.body) return null
    const around = [element, element.parentElement, element.closest('.cm-editor')].filter((one) => one !== null)
    const look = (): string =>
      around
        .map((one) => getComputedStyle(one))
        .map(({ outline, boxShadow, backgroundColor, borderColor }) => [
          outline,
          boxShadow,
          backgroundColor,
          borderColor,
        ])
        .join()
    const withFocus = look()
    ;(element as HTMLElement).blur()
    const without = look()
    ;(element as HTMLElement).focus()
    const text = element.textContent.trim().slice(0, 40)
    const label = element.getAttribute('aria-label') ?? (text === '' ? element.getAttribute('title') : text)
    return {
      name: `${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${label}`,
      visible: withFocus !== without,
    }
  })

const MOST_STOPS = 200

/** Presses Tab to the end of the window, then once around. */
async function tabAround(page: Page): Promise<Stop[]> {
  const stops: Stop[] = []
  let begun = false
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab')
    const stop = await focused(page)
    if (stop && begun) stops.push(stop)
    if (!stop && begun) return stops
    if (!stop) begun = true
  }
  throw new Error(`Tab does not come around:\n${stops.map(({ name }) => name).join('\n')}`)
}

test('everything is reached by Tab, and the focus is always in sight', async ({ app }) => {
  test.setTimeout(120_000)
  const page = app.window
  const window = inspector(page)
  await window.startServer('WebSocket ws')
  await window.connect()
  await expect(window.rows('text').first()).toBeVisible()
  await window.open(window.rows('text').first())
  const stops = await tabAround(page)
  expect(stops.filter(({ visible }) => !visible)).toEqual([])

  const names = stops.map(({ name }) => name).join('\n')
  for (const part of [
    'Start Polling',
    'Controls of Polling',
    'More about Polling',
    'More about capture',
    'Technique',
    'URL',
    'Request',
    'button Disconnect',
    '↙ Server', // a chip
    'Search',
    'Following',
    'grid Rows',
    'Message',
    'button Send',
    'Frame',
    'Width of the',
    'Close row',
    'Theme: ',
    'Keys',
  ])
    expect(names).toContain(part)
})

test('a connection from start to finish without a mouse', async ({ app }) => {
  const page = app.window
  const { keyboard } = page
  const window = inspector(page)
  const press = async (name: string, key = 'Enter'): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).focus()
    await keyboard.press(key)
  }
  await press('Start WebSocket by hand')
  await expect(page.getByRole('button', { name: 'Stop WebSocket by hand' })).toBeVisible()
  await press('WebSocket by hand', 'Space')
  await expect(page.getByRole('textbox', { name: 'URL' })).toHaveValue(/^ws:/)
  await keyboard.press('Control+L')
  await keyboard.press('Control+Enter')
  await expect(window.rows('response', '101')).toBeVisible()
  await page.getByRole('textbox', { name: 'Message' }).focus()
  await keyboard.type('typed')
  await keyboard.press('Control+Enter')
  await expect(window.rows('text', 'typed')).toHaveCount(2)
  await keyboard.press('Control+K')
  await keyboard.type('typed')
  await keyboard.press('Enter')
  await expect(page.getByRole('grid', { name: 'Rows' }).getByRole('row')).toHaveCount(3)
  await keyboard.press('Home')
  await keyboard.press('Enter')
  const tabs = window.detail.getByRole('tablist', { name: 'Detail tabs' })
  await tabs.getByRole('tab').first().focus()
  await keyboard.press('ArrowRight')
  await expect(tabs.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('Control+L')
  await keyboard.press('Control+Enter')
  await expect(window.status).toContainText('Closed')
})

test('reduced motion is honoured', async ({ app }) => {
  await app.window.emulateMedia({ reducedMotion: 'reduce' })
  const moving = await app.window.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { animationDuration, transitionDuration, animationName } = getComputedStyle(element)
        const longest = (list: string): number => Math.max(...list.split(',').map((part) => parseFloat(part)))
        return (animationName !== 'none' && longest(animationDuration) > 0.01) || longest(transitionDuration) > 0.01
      })
      .map((element) => element.className.toString()),
  )
  expect(moving).toEqual([])
})

test('5,000 rows a second are not read out', async ({ app }) => {
  const [EVERY, AT_ONCE, ENOUGH] = [50, 250, 20_000] // ms, frames, frames
  let sent = 0
  const server = await rawServer((socket, head) => {
    socket.write(switching(head))
    const timer = setInterval(() => {
      if (socket.destroyed || sent >= ENOUGH) return clearInterval(timer)
      socket.write(Buffer.concat(Array.from({ length: AT_ONCE }, () => floodFrame(++sent))))
    }, EVERY)
  })
  const window = inspector(app.window)
  await window.typeUrl(`ws://127.0.0.1:${server.port}/`)
  await window.connect()
  await expect(window.status).toContainText('Open')
  const before = await timeline(app.window).count()
  await app.window.evaluate(() => {
    const LIVE = '[role=status], [role=alert], [role=log], [role=timer], [aria-live]:not([aria-live=off])'
    const said: string[] = []
    Object.assign(window, { said })
    new MutationObserver((changes) => {
      const regions = changes.map(
        ({ target }) => (target as Element).closest?.(LIVE) ?? target.parentElement?.closest(LIVE),
      )
      for (const region of new Set(regions)) if (region) said.push(region.textContent)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await expect.poll(() => timeline(app.window).count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(ENOUGH)
  expect(before).toBeLessThan(ENOUGH / 2) // most of it came while it was listened to
  const said = (await app.window.evaluate('said')) as string[]
  expect(said.length, said.join('\n')).toBeLessThanOrEqual(1)
  // The listener hears what is said: the end of the connection.
  await window.disconnect()
  await expect.poll(async () => ((await app.window.evaluate('said')) as string[]).at(-1)).toMatch(/Clos/)
  await server.close()
})
