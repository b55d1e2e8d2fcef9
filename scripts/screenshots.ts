/**
 * `node scripts/screenshots.ts FOLDER`: pictures of every view of the built app, in two sizes and both themes.
 * `node scripts/screenshots.ts --readme`: the two pictures of the README, into renderer/assets.
 * Drives the browser host with a data directory of its own; needs `npm run build` before.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../e2e/browser.ts'
import { inspector } from '../e2e/pages/inspector.ts'
import { ROOT } from './child.ts'
import { playSession } from './screenshots/session.ts'
import { VIEWS, type Stage } from './screenshots/views.ts'

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const
const THEMES = ['light', 'dark'] as const
const README_SIZE = { width: 1440, height: 900 }
const ASSETS = join(ROOT, 'renderer', 'assets')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean' }, only: { type: 'string' } },
})
const [folder] = positionals
if (!values.readme && folder === undefined) {
  process.stderr.write('usage: node scripts/screenshots.ts FOLDER [--only WORD] | --readme\n')
  process.exit(2)
}
const browser = findBrowser()
if (!browser) throw new Error('There is no browser to draw with; `npm test` installs one.')

const data = mkdtempSync(join(tmpdir(), 'pushscope-screenshots-'))
const cli = join(ROOT, 'out', 'main', 'cli.js')
const host = spawn(process.execPath, [cli, 'open', '--no-open', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const chrome = await chromium.launch({ executablePath: browser.path, args: ['--no-sandbox', '--disable-gpu'] })
let failures = 0
try {
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string]
  await (values.readme ? drawReadme(line) : drawViews(line, folder!))
} finally {
  await chrome.close()
  if (host.exitCode === null) {
    const gone = once(host, 'exit')
    host.kill()
    await gone
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
process.exitCode = failures > 0 ? 1 : 0

async function drawReadme(url: string): Promise<void> {
  mkdirSync(ASSETS, { recursive: true })
  const page = await openPage(url, README_SIZE)
  const session = await playSession(inspector(page))

  for (const theme of THEMES) await draw(page, theme, join(ASSETS, `window-${theme}.png`))
  await session.close()
}

/** Every view in a fresh window, so that none depends on another; captures add up, as they do for a user. */
async function drawViews(url: string, into: string): Promise<void> {
  mkdirSync(into, { recursive: true })
  for (const { name, sizes = SIZES, scale = 1, play } of VIEWS) {
    if (values.only !== undefined && !name.includes(values.only)) continue
    // What leads there is done in a window of common size; smaller ones fold away what it presses.
    const page = await openPage(url, SIZES[0], scale)
    const ends: (() => Promise<unknown>)[] = []
    const stage: Stage = { page, window: inspector(page), finally: (end) => ends.push(end) }
    try {
      await play(stage)
      for (const size of sizes) {
        await page.setViewportSize(size)
        for (const theme of THEMES) await draw(page, theme, join(into, `${name}-${size.width}-${theme}.png`))
      }
      process.stdout.write(`${name}\n`)
    } catch (error) {
      failures++
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
      await page.screenshot({ path: join(into, `${name}-failed.png`) })
    }
    for (const end of ends.reverse()) await end().catch(() => undefined)
    await page.context().close()
  }
}

async function openPage(url: string, viewport: { width: number; height: number }, scale = 1): Promise<Page> {
  const context = await chrome.newContext({ viewport, deviceScaleFactor: scale, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`))
  await page.goto(url)
  return page
}

async function draw(page: Page, colorScheme: (typeof THEMES)[number], path: string): Promise<void> {
  await page.emulateMedia({ colorScheme })
  // Two frames: one to lay out, one to paint what the layout asked for.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await page.waitForTimeout(150)
  await page.screenshot({ path, caret: 'hide' })
}
