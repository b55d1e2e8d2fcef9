/** What the window says of itself: versions, and the changelog once after an upgrade. */
import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ROOT, expect, test } from '../fixtures.ts'
import { about } from '../pages/about.ts'
import { inspector } from '../pages/inspector.ts'
import { keepSetting, keptSetting } from '../settings.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }

test('About is one key away, also from a field, tells the versions and copies them', async ({ app }, { project }) => {
  const electron = project.name === 'electron'
  const { dialog, open, versions } = about(app.window)
  await app.window.getByRole('textbox', { name: 'URL' }).focus()
  await open()
  const shown = await versions()
  expect(shown.map(([name]) => name)).toEqual([
    'Pushscope',
    ...(electron ? ['Electron'] : []),
    'Chromium',
    'Node.js',
    expect.stringMatching(/^(Linux|macOS|Windows)$/),
  ])
  expect(shown[0]).toEqual(['Pushscope', version])
  for (const [name, value] of shown.slice(1, -1)) expect(`${name} ${value}`).toMatch(/ \d+(\.\d+)*$/)

  await dialog.getByRole('button', { name: 'Copy versions' }).press('Enter')
  await expect(dialog.getByRole('status')).toHaveText('Copied')
  expect(await app.system.clipboard()).toBe(shown.map(([name, value]) => `${name} ${value}`.trim()).join('\n'))
  await expect(dialog.getByRole('link', { name: /^Check for updates/ })).toHaveAttribute(
    'href',
    'https://github.com/pushscope/pushscope/releases',
  )
  await app.window.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('the list of keys leads to About, and About to what is new', async ({ app }) => {
  const { dialog, news } = about(app.window)
  await app.window.getByRole('button', { name: 'Keys' }).click()
  await app.window.getByRole('button', { name: 'About Pushscope' }).press('Enter')
  await expect(dialog).toBeVisible()
  await expect(app.window.getByRole('dialog', { name: 'Keys' })).toBeHidden()
  await dialog.getByRole('button', { name: 'What’s new' }).press('Enter')
  await expect(dialog).toBeHidden()
  await expect(news.getByRole('region', { name: 'Changes' })).toContainText('Added')
  await app.window.keyboard.press('Escape')
  await expect(news).toBeHidden()
})

test('a first start shows no news, an upgrade shows them once', async ({ app }) => {
  const { dialog, news, open, versions } = about(app.window)
  await expect.poll(() => keptSetting(app.dataDirectory, 'seenVersion')).toBe(JSON.stringify(version))
  await expect(news).toBeHidden()

  keepSetting(app.dataDirectory, 'seenVersion', '"0.0.1"')
  await app.window.reload()
  await expect(news).toBeVisible()
  await expect(news).toContainText(`What’s new in Pushscope ${version}`)
  await news.getByRole('button', { name: 'Close' }).press('Enter')
  await expect(news).toBeHidden()

  await app.window.reload()
  // The engine has said its version, and with it whether there are news.
  await expect(app.window.getByText(/^Server-Sent Events/).first()).toBeVisible()
  await open()
  expect((await versions())[0]).toEqual(['Pushscope', version])
  await expect(dialog).toBeVisible()
  await expect(news).toBeHidden()
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`nothing serious stands in the way in both pages, ${colorScheme}`, async ({ app }) => {
    await app.window.emulateMedia({ colorScheme })
    const { dialog, news, open } = about(app.window)
    const serious = async (): Promise<string[]> => {
      const violations = await app.window.evaluate<{ id: string; impact: string }[]>(
        'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
      )
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)
    }
    await open()
    await app.window.evaluate(AXE)
    expect(await serious()).toEqual([])
    await dialog.getByRole('button', { name: 'What’s new' }).press('Enter')
    await expect(news).toBeVisible()
    expect(await serious()).toEqual([])
  })

const NO_PRELOAD = 'Its preload cannot be played; the boot test hands the same over.'

/** Plays the part of the preload that hands things over; the function hands one. */
async function playSystem(window: Page): Promise<(opening: object) => Promise<unknown>> {
  await window.addInitScript(
    'window.pushscope = { host: "stand-in", versions: {}, onOpening: (listener) => (window.hand = listener) }',
  )
  await window.reload()
  await expect(window.getByText(/^Server-Sent Events/).first()).toBeVisible()
  return (opening) => window.evaluate(`window.hand(${JSON.stringify(opening)})`)
}

test('what the system hands over is filled in or said, and nothing connects', async ({ app }, { project }) => {
  test.skip(project.name === 'electron', NO_PRELOAD)
  const { window } = app
  const hand = await playSystem(window)
  const notices = window.getByRole('status', { name: 'Notices' })

  await hand({ type: 'url', url: 'ws://127.0.0.1:9/x?<b>', message: 'A link filled in the URL.', hint: '' })
  await expect(window.getByRole('textbox', { name: 'URL' })).toHaveValue('ws://127.0.0.1:9/x?<b>')
  await expect(notices).toContainText('A link filled in the URL.')
  await expect(window.getByRole('button', { name: 'Connect', exact: true })).toBeVisible()
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText('No capture')

  await hand({ type: 'notice', message: '<img src=x> is not a Pushscope capture.', hint: '' })
  await expect(notices).toContainText('<img src=x> is not a Pushscope capture.')
  await hand({ type: 'capture', id: 'gone', message: 'Opened a copy of x.', hint: '' })
  await expect(notices).toContainText('The file is damaged, or from a newer version of Pushscope.')
  await hand({ type: 'page', page: 'news' })
  await expect(about(window).news).toBeVisible()
})

test('a capture that was copied in comes on show and can be searched', async ({ app }, { project }) => {
  test.skip(project.name === 'electron', NO_PRELOAD)
  const hand = await playSystem(app.window)
  const { startServer, connect, settle, rows, status } = inspector(app.window)
  await startServer('Server-Sent Events')
  await connect()
  await expect(rows('event').nth(1)).toBeVisible()
  await settle()
  const captures = join(app.dataDirectory, 'captures')
  for (const name of readdirSync(captures).filter((one) => /\.pushscope(-wal)?$/.test(one)))
    cpSync(join(captures, name), join(captures, name.replace(/^[^.]+/, 'copied-in')))

  await app.window.reload()
  await expect(status).toContainText('No capture')
  await hand({ type: 'capture', id: 'copied-in', message: 'Opened a copy of x.', hint: '' })
  await expect(app.window.getByRole('status', { name: 'Notices' })).toContainText('Opened a copy of x.')
  await expect(rows('event').nth(1)).toBeVisible()
  await app.window.getByRole('searchbox', { name: 'Search' }).fill('text/event-stream')
  await expect(rows('event')).toHaveCount(0)
  await app.window.getByRole('searchbox', { name: 'Search' }).fill('')
  await expect(rows('event').nth(1)).toBeVisible()
})
