/**
 * Credentials of URLs: nowhere in the window until they are asked for, and in no saved file unless it is asked for.
 * (Credentials in headers, tab by tab: hostile.spec.)
 */
import type { Page } from '@playwright/test'
import { expect, test, type App } from '../fixtures.ts'
import { inspector } from '../pages/inspector.ts'
import { askFor, chooseTechnique } from '../pages/request.ts'
import { timeline } from '../pages/timeline.ts'
import { httpAnswer, rawServer } from '../servers/raw.ts'

/** Text, titles and labels; what the reader typed into a field is not among it. */
const everything = (page: Page): Promise<string> => page.evaluate(() => document.documentElement.outerHTML)

async function saved({ window, system }: App, item: string): Promise<string> {
  const captures = window.getByRole('list', { name: 'Captures' })
  await captures.getByRole('button', { name: /^More about capture/ }).click()
  return (await system.saved(() => window.getByRole('menuitem', { name: item }).click())).text
}

test('a token in a URL and a password before its host are shown when asked for, and saved when asked for', async ({
  app,
}) => {
  const server = await rawServer((socket, head) =>
    socket.end(
      head.startsWith('GET /first')
        ? httpAnswer('302 Found', { Location: '/second?room=1&key=s3cret-c' })
        : httpAnswer('200 OK', { 'Content-Type': 'text/plain', 'Set-Cookie': 'sid=s3cret-d; Path=/' }, 'ok'),
    ),
  )
  const { window: page } = app
  const window = inspector(page)
  await window.typeUrl(`http://me:s3cret-a@127.0.0.1:${server.port}/first?room=1&access_token=s3cret-b`)
  await chooseTechnique(page, 'Polling')
  await askFor(page, { headers: [['X-Api-Key', 's3cret-e']], reconnect: false })
  await window.connect()
  await expect(window.rows('body').first()).toBeVisible()
  await window.disconnect()

  await expect(window.rows('request', '/first?room=1&access_token=••••••••').first()).toBeVisible()
  const list = timeline(page)
  for (const number of (await list.numbers()).slice(0, 12)) {
    await window.open(list.row(number))
    for (const tab of await window.detail.getByRole('tablist', { name: 'Detail tabs' }).getByRole('tab').all()) {
      await tab.click()
      expect(await everything(page)).not.toContain('s3cret')
    }
  }

  await window.open(window.rows('request', '/first').first())
  const panel = await window.tab('Request')
  await panel.getByRole('button', { name: 'Show secrets', exact: true }).click()
  await expect(panel.getByText('access_token=s3cret-b')).toBeVisible()
  expect(server.heads[0]).toMatch(/^GET \/first\?room=1&access_token=s3cret-b /)

  // Opened again, it does not stand in the URL bar unasked.
  await page.reload()
  await page.getByRole('list', { name: 'Captures' }).getByRole('listitem').getByRole('button').first().click()
  await expect(window.rows('request', '/first').first()).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'URL' })).toHaveValue('')
  expect(await everything(page)).not.toContain('s3cret')

  const plain = await saved(app, 'Save as NDJSON')
  expect(plain).toContain('"target":"/first?room=1&access_token=••••••••"')
  expect(plain).not.toContain('s3cret')
  const whole = await saved(app, 'Save with secrets')
  for (const letter of 'bcde') expect(whole).toContain(`s3cret-${letter}`)
  expect(plain.split('\n').length).toBe(whole.split('\n').length)
  await server.close()
})
