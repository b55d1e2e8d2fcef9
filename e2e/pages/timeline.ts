/** The list of rows as a person goes through it: what is in sight, filters, the end that it follows. */
import { expect, type Locator, type Page } from '@playwright/test'

export interface Timeline {
  readonly grid: Locator
  readonly search: Locator
  readonly following: Locator
  readonly chip: (name: string) => Locator
  /** Numbers of the rows in sight, top to bottom. */
  numbers(): Promise<number[]>
  /** Numbers and summaries of the rows in sight. */
  lines(): Promise<{ number: number; summary: string }[]>
  /** Rows in the view, as told to screen readers. */
  count(): Promise<number>
  /** Puts the scroll bar at that share of its way, 0 to 1, as a drag of it does. */
  scrollTo(share: number): Promise<void>
  wheel(pixels: number): Promise<void>
  /** The row with that number. */
  row(number: number): Locator
  /** Number of the row under the cursor of the keys; null when there is none. */
  cursor(): Promise<number | null>
  /** Waits until the last row in sight is the last of the view. */
  expectEnd(number: number): Promise<void>
}

export function timeline(page: Page): Timeline {
  const grid = page.getByRole('grid', { name: 'Rows' })
  const scroller = grid.getByRole('rowgroup')
  const rows = scroller.getByRole('row')

  const lines = (): Promise<{ number: number; summary: string }[]> =>
    rows.evaluateAll((elements) => {
      const box = elements[0]?.closest('[role=rowgroup]')?.getBoundingClientRect()
      return elements
        .filter((element) => {
          const { top, bottom } = element.getBoundingClientRect()
          return box !== undefined && bottom > box.top + 1 && top < box.bottom - 1
        })
        .map((element) => {
          const cells = [...element.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent)
          return { number: Number(cells[0]), summary: cells[5] ?? '' }
        })
    })
  const numbers = async (): Promise<number[]> => (await lines()).map(({ number }) => number)

  return {
    grid,
    search: page.getByRole('searchbox', { name: 'Search' }),
    following: page.getByRole('button', { name: 'Following' }),
    chip: (name) => page.getByRole('group', { name: 'Filter' }).getByRole('button', { name }),
    lines,
    numbers,
    count: async () => Number(await grid.getAttribute('aria-rowcount')) - 1,
    scrollTo: (share) =>
      scroller.evaluate((element, part) => {
        element.scrollTop = (element.scrollHeight - element.clientHeight) * part
      }, share),
    async wheel(pixels) {
      await scroller.hover()
      await page.mouse.wheel(0, pixels)
    },
    // The number is the first cell; others may show the same figure.
    row: (number) =>
      rows.filter({ has: page.locator('[role=gridcell]:first-child', { hasText: new RegExp(`^${number}$`) }) }),
    async cursor() {
      const id = await grid.getAttribute('aria-activedescendant')
      if (id === null) return null
      return Number(await page.locator(`#${id}`).getByRole('gridcell').first().innerText())
    },
    async expectEnd(number) {
      await expect.poll(async () => (await numbers()).at(-1)).toBe(number)
    },
  }
}
