/** The window comes up and reaches its engine, whatever shows it. */
import type { Locator } from '@playwright/test'
import { expect, test } from '../fixtures.ts'

test('the window has its name, one main region, and what its host gives it', async ({ app }, { project }) => {
  await expect(app.window).toHaveTitle(/Pushscope/)
  await expect(app.window.getByRole('main')).toBeVisible()
  const given = await app.window.evaluate('typeof window.pushscope')
  expect(given).toBe(project.name === 'electron' ? 'object' : 'undefined')
  // Nothing of Node is in the page.
  expect(await app.window.evaluate('[typeof require, typeof process, typeof Buffer]')).toEqual([
    'undefined',
    'undefined',
    'undefined',
  ])
})

test('the engine answers: the six servers are listed', async ({ app }) => {
  for (const name of ['Polling', 'Long polling', 'Iframe streaming', 'Server-Sent Events', 'WebSocket'])
    await expect(app.window.getByText(new RegExp(`^${name}`)).first()).toBeVisible()
})

test('where nothing hovers, the address of a server ends before its buttons', async ({ app, browser }) => {
  test.skip(app.url === '', 'Electron opens no second window')
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(app.url)
  const server = page.getByRole('list', { name: 'Reference servers' }).getByRole('listitem').first()
  const address = server.getByText(/^127\.0\.0\.1:8000/)
  const room = await address.evaluate(
    (element) => element.getBoundingClientRect().right - parseFloat(getComputedStyle(element).paddingRight),
  )
  const buttons = await server.getByRole('button', { name: /^(More about|Controls of)/ }).all()
  expect(buttons).toHaveLength(2)
  for (const button of buttons) expect((await button.boundingBox())!.x).toBeGreaterThanOrEqual(room)
  await context.close()
})

/** Names of the controls that lie under a notice, in part or as a whole. */
const coveredBy = (notices: Locator): Promise<string[]> =>
  notices.evaluate((stack) => {
    const over = [...stack.children].map((notice) => notice.getBoundingClientRect())
    const controls = [...document.querySelectorAll('button, input, textarea, a, [tabindex], [role=row]')]
    return controls
      .filter((control) => !stack.contains(control))
      .filter((control) => {
        const box = control.getBoundingClientRect()
        return over.some((notice) => {
          const [left, right] = [Math.max(box.left, notice.left), Math.min(box.right, notice.right)]
          const [top, bottom] = [Math.max(box.top, notice.top), Math.min(box.bottom, notice.bottom)]
          return (
            left < right &&
            top < bottom &&
            stack.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
          )
        })
      })
      .map((control) => control.getAttribute('aria-label') ?? control.textContent)
  })

for (const [name, width] of [
  ['wide', 1280],
  ['narrow', 640],
] as const) {
  test(`a notice in a ${name} window is read out and covers nothing that can be used`, async ({ app }) => {
    const { window } = app
    await window.setViewportSize({ width, height: 700 })
    const notices = window.getByRole('status', { name: 'Notices' })
    for (const url of ['no url', 'ftp://127.0.0.1/']) {
      await window.getByRole('textbox', { name: 'URL' }).fill(url)
      await window.getByRole('button', { name: 'Connect', exact: true }).click()
    }
    const dismiss = notices.getByRole('button', { name: 'Dismiss' })
    await expect(dismiss).toHaveCount(2)
    await expect(notices).toBeInViewport({ ratio: 1 })
    expect(await coveredBy(notices)).toEqual([])
    await dismiss.first().click()
    await dismiss.first().click()
    await expect(dismiss).toHaveCount(0)
  })
}

test('notices take their room from the detail below the list, and the status line stays', async ({ app }) => {
  const { window } = app
  await window.setViewportSize({ width: 900, height: 560 })
  const notices = window.getByRole('status', { name: 'Notices' })
  const top = (locator: Locator) => locator.evaluate((element) => element.getBoundingClientRect().top)
  const [line, status] = [
    window.getByRole('separator', { name: 'Height of the detail' }),
    window.getByRole('contentinfo', { name: 'Status' }),
  ]
  const before = [await top(line), await top(status)]
  const connect = async (url: string): Promise<void> => {
    await window.getByRole('textbox', { name: 'URL' }).fill(url)
    await window.getByRole('button', { name: 'Connect', exact: true }).click()
  }
  for (const scheme of ['ftp', 'gopher', 'mailto']) await connect(`${scheme}://127.0.0.1/`)
  await expect(notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(3)
  expect([await top(line), await top(status)]).toEqual(before)

  await connect(`${'long'.repeat(1000)}://127.0.0.1/`)
  await expect(notices).toContainText('longlong')
  expect(await top(status)).toBe(before[1])
})
