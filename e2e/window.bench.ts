/**
 * The window with 1,000,000 rows, in a real Chromium: its memory beside that of a window with 1,000 rows, and its frames
 * while someone scrolls and 5,000 rows a second arrive. Needs `npm run build` before.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, type Browser, type Page } from '@playwright/test'
import type { BenchRow } from '../main/protocol/testing/bench-row.ts'
import { findBrowser } from './browser.ts'
import { end, startHost } from './host.ts'
import { inspector } from './pages/inspector.ts'
import { timeline } from './pages/timeline.ts'
import { startServer } from './servers/start.ts'

const FEW = 1_000
const MANY = 1_000_000
const RATE = 5_000 // rows a second while the list is scrolled
const RUNS = 5
const SCROLL = 4_000 // ms of scrolling in each run

export async function benchWindow(): Promise<BenchRow[]> {
  const few: number[] = []
  const many: number[] = []
  const frames: number[] = []
  for (let run = 0; run < RUNS; run++) {
    few.push(await withWindow(FEW, measureMemory))
    many.push(
      await withWindow(MANY, async (window) => {
        const memory = await measureMemory(window)
        frames.push(await longestFrame(window.page))
        return memory
      }),
    )
  }
  const growth = median(many) / median(few)
  const frame = median(frames)
  return [
    bound('1,000,000 rows: memory of the window beside 1,000 rows', 'times', growth, 1.2),
    bound(`1,000,000 rows: longest frame, scrolling while ${RATE.toLocaleString('en')} rows/s arrive`, 'ms', frame, 50),
  ]
}

interface Window {
  browser: Browser
  page: Page
}

/** A fresh host, browser and window that shows so many frames of one flood, all of them counted. */
async function withWindow(rows: number, use: (window: Window) => Promise<number>): Promise<number> {
  const found = findBrowser()
  if (!found) throw new Error('There is no browser to measure in; `npm test` installs one.')
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-bench-'))
  const server = await startServer('flood')
  const host = await startHost(directory)
  const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(host.url)
    await inspector(page).typeUrl(`ws://127.0.0.1:${server.port}/${rows}?rate=${RATE}`)
    await inspector(page).connect()
    await expect.poll(() => timeline(page).count(), { timeout: 120_000 }).toBe(BEFORE + rows)
    return await use({ browser, page })
  } finally {
    await browser.close()
    await end(host.process)
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Rows before the first frame: connect, request, response. */
const BEFORE = 3

/** MiB that the page's process has for itself, after looking about in the list and tidying up. */
async function measureMemory({ browser, page }: Window): Promise<number> {
  const list = timeline(page)
  for (const share of [0, 0.25, 0.5, 0.75, 0.1, 0.9, 1]) {
    await list.scrollTo(share)
    await expect.poll(async () => (await list.lines()).every(({ number }) => number > 0)).toBe(true)
  }
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  return Math.max(...renderers.map(({ id }) => privateMemory(id)))
}

/** Linux alone tells it. */
function privateMemory(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}

/** ms of the longest frame while the list is scrolled from end to end, by the frame, and rows arrive. */
async function longestFrame(page: Page): Promise<number> {
  const list = timeline(page)
  const before = await list.count()
  await inspector(page).send('Text', 'begin')
  await expect.poll(() => list.count()).toBeGreaterThan(before + RATE)
  const times = await list.grid.getByRole('rowgroup').evaluate(
    (scroller, duration) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = []
        const began = performance.now()
        const step = (now: number): void => {
          times.push(now)
          // There and back, a fresh place every frame.
          const share = Math.abs((((now - began) / duration) % 1) * 2 - 1)
          scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight)
          if (now - began < duration) requestAnimationFrame(step)
          else resolve(times)
        }
        requestAnimationFrame(step)
      }),
    SCROLL,
  )
  const arrived = (await list.count()) - before
  if (arrived < (RATE * SCROLL) / 1_000) throw new Error(`only ${arrived} rows arrived meanwhile`)
  if (times.length < SCROLL / 50) throw new Error(`only ${times.length} frames were drawn`)
  return Math.max(...times.slice(1).map((time, index) => time - times[index]!))
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const bound = (name: string, unit: string, ours: number, peer: number): BenchRow => ({
  name,
  unit,
  ours,
  peer,
  peerName: 'bound',
  ratio: peer / ours,
  goal: 1,
})
