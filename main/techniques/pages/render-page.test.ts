import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SERVER_IDS } from '../../../preload/contract/index.ts'
import { PAGE_HEADERS, renderPage } from './render-page.ts'

const POLICY = PAGE_HEADERS['Content-Security-Policy']!

describe.each(SERVER_IDS)('the page of %s', (id) => {
  const page = renderPage(id)

  test('its policy lets run just what stands in it', () => {
    for (const tag of ['script', 'style']) {
      const parts = [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      expect(parts).toHaveLength(1)
      expect(POLICY).toContain(`'sha256-${createHash('sha256').update(parts[0]![1]!).digest('base64')}'`)
    }
    expect(POLICY).not.toContain('unsafe')
    expect(page).not.toMatch(/<script\s|\son\w+="/)
  })

  test('needs nothing from elsewhere and makes no markup of what it receives', () => {
    expect(page).not.toMatch(/(?:src|href)="(?!data:,")/)
    expect(page).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write\(|eval/)
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  })

  test('its script is JavaScript', () => {
    const [, script] = /<script>([^]*?)<\/script>/.exec(page)!
    expect(() => new Function(script!)).not.toThrow()
  })

  test('every element that the script asks for is there, once', () => {
    const [, script] = /<script>([^]*?)<\/script>/.exec(page)!
    for (const [, name] of script!.matchAll(/\$\('(\w+)'\)/g)) {
      expect(page.split(`id="${name}"`), `#${name}`).toHaveLength(2)
    }
  })
})
