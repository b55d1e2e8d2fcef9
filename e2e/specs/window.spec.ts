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
