/** The window comes up and reaches its engine, whatever shows it. */
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
