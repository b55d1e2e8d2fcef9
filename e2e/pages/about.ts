/** The pages that the window has about itself: versions, and what is new. */
import { expect, type Locator, type Page } from '@playwright/test'

export interface About {
  readonly dialog: Locator
  readonly news: Locator
  /** By its key, from wherever the focus is. */
  open(): Promise<void>
  /** `[name, version]` as shown, in order. */
  versions(): Promise<[name: string, version: string][]>
}

export function about(page: Page): About {
  const dialog = page.getByRole('dialog', { name: 'About Pushscope' })
  return {
    dialog,
    news: page.getByRole('dialog', { name: /^What’s new in Pushscope/ }),
    async open() {
      // Before the window stands nobody hears a key.
      await expect(page.getByLabel('URL', { exact: true })).toBeVisible()
      await page.keyboard.press('F1')
      await expect(dialog).toBeVisible()
    },
    async versions() {
      await expect(dialog.getByRole('term').first()).toBeVisible()
      const names = await dialog.getByRole('term').allInnerTexts()
      const values = await dialog.getByRole('definition').allInnerTexts()
      return names.map((name, at) => [name, values[at]!])
    },
  }
}
