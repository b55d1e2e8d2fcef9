/** Settings outlive the host and its port: they lie in the data directory. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { end, expect, startHost, test } from '../fixtures.ts'
import { about } from '../pages/about.ts'
import { keepSetting, keptSetting, settingsFile } from '../settings.ts'

test.beforeEach(({}, { project }) => test.skip(project.name === 'electron', 'It starts browser hosts.'))

/** A host's whole life, with one window that is a stranger to the browser. */
async function run(
  browser: Browser,
  dataDirectory: string,
  watch: (page: Page) => void,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const host = await startHost(dataDirectory)
  const page = await browser.newPage({ colorScheme: 'dark' })
  watch(page)
  await page.goto(host.url)
  await expect(page.getByLabel('URL', { exact: true })).toBeVisible() // a dialog over it may hide its role
  await use(page)
  await page.close()
  await end(host.process)
}

const root = (page: Page) => page.locator('html')
const theme = (page: Page) => page.getByRole('button', { name: /^Theme: / })
const side = (page: Page) => page.getByRole('list', { name: 'Reference servers' })
const width = async (page: Page): Promise<number> => (await side(page).boundingBox())!.width

test('theme, panes and columns are found again at the next start, on another port', async ({
  browser,
  dataDirectory,
  watch,
}) => {
  let dragged = 0
  await run(browser, dataDirectory, watch, async (page) => {
    await theme(page).click()
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
    const before = await width(page)
    const separator = page.getByRole('separator').first()
    await separator.focus()
    for (let n = 0; n < 3; n++) await separator.press('ArrowRight')
    await expect.poll(() => width(page)).toBeGreaterThan(before)
    dragged = await width(page)
  })
  await run(browser, dataDirectory, watch, async (page) => {
    await expect(theme(page)).toHaveAccessibleName('Theme: light')
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
    expect(await width(page)).toBe(dragged)
    await page.keyboard.press('Control+B')
    await expect(side(page)).toBeHidden()
  })
  await run(browser, dataDirectory, watch, async (page) => {
    await expect(side(page)).toBeHidden()
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
  })
})

test('the chosen theme is the first one that shows', async ({ browser, dataDirectory, watch }) => {
  await run(browser, dataDirectory, watch, async (page) => {
    await theme(page).click()
    await expect.poll(() => keptSetting(dataDirectory, 'theme')).toBe('"light"')
    await page.addInitScript(() => {
      const shown: string[] = []
      Object.assign(window, { shown })
      const note = (): void => void shown.push(document.documentElement.dataset['theme'] ?? '')
      new MutationObserver(note).observe(document, { subtree: true, attributeFilter: ['data-theme'] })
    })
    await page.reload()
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
    expect(await page.evaluate(() => (window as unknown as { shown: string[] }).shown)).toEqual(['light'])
  })
})

test('after an upgrade the changelog shows at the next start, and at no start after that', async ({
  browser,
  dataDirectory,
  watch,
}) => {
  await run(browser, dataDirectory, watch, async (page) => {
    await expect.poll(() => keptSetting(dataDirectory, 'seenVersion')).toBeDefined()
    await expect(about(page).news).toBeHidden()
  })
  keepSetting(dataDirectory, 'seenVersion', '"0.0.1"')
  await run(browser, dataDirectory, watch, async (page) => {
    await expect(about(page).news).toBeVisible()
    await expect.poll(() => keptSetting(dataDirectory, 'seenVersion')).not.toBe('"0.0.1"')
  })
  await run(browser, dataDirectory, watch, async (page) => {
    await about(page).open() // its versions come with what decides about the news
    await about(page).versions()
    await expect(about(page).news).toBeHidden()
  })
})

test('two instances keep what each of them was told', async ({ browser, dataDirectory, watch }) => {
  await run(browser, dataDirectory, watch, async (first) => {
    await run(browser, dataDirectory, watch, async (second) => {
      await Promise.all([theme(first).click(), second.keyboard.press('Control+B')])
      await expect.poll(() => keptSetting(dataDirectory, 'theme')).toBe('"light"')
      await expect.poll(() => keptSetting(dataDirectory, 'sideShown')).toBe('false')
    })
  })
  await run(browser, dataDirectory, watch, async (page) => {
    await expect(side(page)).toBeHidden()
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
  })
})

test('a damaged settings file is set aside, and the window comes as on the first day', async ({
  browser,
  dataDirectory,
  watch,
}) => {
  const damaged = 'not a settings file, '.repeat(100)
  writeFileSync(settingsFile(dataDirectory), damaged)
  await run(browser, dataDirectory, watch, async (page) => {
    await expect(theme(page)).toHaveAccessibleName('Theme: system')
    await theme(page).click()
    await expect(root(page)).toHaveAttribute('data-theme', 'light')
  })
  expect(readFileSync(`${settingsFile(dataDirectory)}.damaged`, 'utf8')).toBe(damaged)
  await run(browser, dataDirectory, watch, (page) => expect(root(page)).toHaveAttribute('data-theme', 'light'))
})
