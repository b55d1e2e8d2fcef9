/**
 * `npm run icons`: draws the application's icons from the one mark, renderer/public/favicon.svg, in every size a system
 * asks for. Chromium draws; the results are committed, so that packaging needs no browser.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../e2e/browser.ts'
import { createIcns, createIco, type IconImage } from './icon-containers.ts'
import { ICONS, MARK, PNG_SIZES } from './icon-files.ts'

/** macOS icons keep a margin inside their square: 824 of 1024. https://developer.apple.com/design/resources/ */
const MAC_SHARE = 824 / 1024

const browser = findBrowser()
if (!browser) throw new Error('There is no browser to draw with; `npm test` installs one.')
const chrome = await chromium.launch({ executablePath: browser.path })
try {
  const page = await chrome.newPage()
  const svg = readFileSync(MARK, 'utf8')
  const plain: IconImage[] = []
  const mac: IconImage[] = []
  for (const size of PNG_SIZES) {
    plain.push({ size, png: await draw(page, svg, size, 1) })
    mac.push({ size, png: await draw(page, svg, size, MAC_SHARE) })
  }
  mkdirSync(ICONS, { recursive: true })
  for (const { size, png } of plain) writeFileSync(join(ICONS, `${size}.png`), png)
  writeFileSync(join(ICONS, 'pushscope.ico'), createIco(plain))
  writeFileSync(join(ICONS, 'pushscope.icns'), createIcns(mac))
  copyFileSync(MARK, join(ICONS, 'pushscope.svg'))
  console.log(`${PNG_SIZES.length} sizes, .ico and .icns in ${ICONS}`)
} finally {
  await chrome.close()
}

/** `share` of the square is the mark, the rest is clear. */
async function draw(page: Page, svg: string, size: number, share: number): Promise<Buffer> {
  const side = 2 * Math.round((size * share) / 2) // even, so that it sits on whole pixels
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>body { margin: 0; height: 100vh; display: grid; place-items: center }</style>
     <img src="${source}" width="${side}" height="${side}">`,
  )
  await page.evaluate('document.images[0].decode()')
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } })
}
