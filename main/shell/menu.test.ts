import { expect, test } from 'vitest'
import { menuTemplate } from './menu.ts'
import { isExternal } from './security.ts'

test('every link of the menu is on the list of pages that may be opened', () => {
  const opened: string[] = []
  const shown: string[] = []
  const menu = menuTemplate({
    platform: 'linux',
    openExternal: (url) => opened.push(url),
    showPage: (page) => shown.push(page),
  })
  const help = menu.find((item) => item.role === 'help')?.submenu
  if (!Array.isArray(help)) throw new Error('no help menu')
  for (const item of help) (item.click as (() => void) | undefined)?.()
  expect(opened.length).toBeGreaterThan(3)
  expect(opened.filter((url) => !isExternal(url))).toEqual([])
  expect(opened.at(-1)).toBe('https://github.com/pushscope/pushscope/releases')
  expect(shown).toEqual(['news', 'about'])
})

test('macOS has its application menu, the others can quit from File', () => {
  const first = (platform: NodeJS.Platform) =>
    menuTemplate({ platform, openExternal: () => undefined, showPage: () => undefined })[0]
  expect(first('darwin')).toEqual({ role: 'appMenu' })
  expect(first('win32')).toEqual({ label: 'File', submenu: [{ role: 'quit' }] })
})
