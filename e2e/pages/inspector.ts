/** The window as a person uses it: servers, URL bar, timeline, detail. Specs speak through this and through roles. */
import { expect, type Locator, type Page } from '@playwright/test'

/** The cells of one row of the timeline, as shown. */
export interface Cells {
  number: string
  time: string
  delta: string
  /** `client`, `server` or `local`. */
  who: string
  kind: string
  summary: string
  wire: number | null
  payload: number | null
}

export interface Inspector {
  readonly page: Page
  readonly detail: Locator
  readonly status: Locator
  /** Starts a reference server by its button; resolves with the URL that its clients use. */
  startServer(name: string): Promise<string>
  chooseServer(name: string): Promise<void>
  /** Sets a control of a server by its label. */
  control(server: string, label: string, value: string | boolean): Promise<void>
  act(server: string, button: 'Push now' | 'Drop connections'): Promise<void>
  useClient(client: 'Probe' | 'Browser API'): Promise<void>
  /** A box in the Request panel. */
  setting(name: string, on: boolean): Promise<void>
  typeUrl(url: string): Promise<void>
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** Disconnects and goes to the first row: from then on nothing moves. */
  settle(): Promise<void>
  send(kind: 'Text' | 'Binary' | 'Ping' | 'Pong', text: string): Promise<void>
  sendClose(code: number, reason: string): Promise<void>
  /** Rows of that kind, and with that text when it is given. */
  rows(kind: string, text?: string | RegExp): Locator
  cells(row: Locator): Promise<Cells>
  /** Opens a row and waits for its detail. */
  open(row: Locator): Promise<void>
  /** Opens a tab of the detail; resolves with its panel. */
  tab(name: string): Promise<Locator>
}

export function inspector(page: Page): Inspector {
  const detail = page.getByRole('region', { name: 'Detail' })
  const servers = page.getByRole('list', { name: 'Reference servers' })
  const composer = page.getByRole('region', { name: 'Composer' })
  const grid = page.getByRole('grid', { name: 'Rows' })
  const url = page.getByRole('textbox', { name: 'URL' })

  /** Opens the controls of a server, uses them, and puts them away again. */
  const withControls = async (server: string, use: (dialog: Locator) => Promise<void>): Promise<void> => {
    await servers.getByRole('button', { name: `Controls of ${server}` }).click()
    const dialog = page.getByRole('dialog', { name: new RegExp(`^Controls of ${server}`) })
    await use(dialog)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }

  const chooseKind = (kind: string) => composer.getByRole('radio', { name: kind, exact: true }).check({ force: true })

  const disconnect = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible()
  }

  return {
    page,
    detail,
    status: page.getByRole('contentinfo', { name: 'Status' }),

    async startServer(name) {
      await servers.getByRole('button', { name: `Start ${name}`, exact: true }).click()
      await expect(servers.getByRole('button', { name: `Stop ${name}`, exact: true })).toBeVisible()
      await servers.getByRole('button', { name, exact: true }).click()
      await expect(url).toHaveValue(/^(ws|http):\/\/127\.0\.0\.1:\d+\//)
      return url.inputValue()
    },
    chooseServer: (name) => servers.getByRole('button', { name, exact: true }).click(),
    control: (server, label, value) =>
      withControls(server, async (dialog) => {
        const field = dialog.getByLabel(label, { exact: true })
        if (typeof value === 'boolean') return field.setChecked(value)
        if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value)
        else {
          await field.fill(value)
          await field.press('Enter')
        }
      }),
    act: (server, button) => withControls(server, (dialog) => dialog.getByRole('button', { name: button }).click()),

    useClient: (client) =>
      page
        .getByRole('radiogroup', { name: 'Client', exact: true })
        .getByRole('radio', { name: client })
        .check({ force: true }),
    async setting(name, on) {
      await page.getByRole('button', { name: /^Request/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Request' })
      await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).setChecked(on)
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
    },
    typeUrl: (text) => url.fill(text),
    connect: () => page.getByRole('button', { name: 'Connect', exact: true }).click(),
    disconnect,
    async settle() {
      await disconnect()
      await grid.press('Home')
      await expect(grid.getByRole('row').nth(1).getByRole('gridcell').first()).toHaveText('1')
    },

    async send(kind, text) {
      await chooseKind(kind)
      await composer.getByRole('textbox', { name: 'Message' }).fill(text)
      await page.keyboard.press('Control+Enter')
    },
    async sendClose(code, reason) {
      await chooseKind('Close')
      await composer.getByLabel('Close code').fill(String(code))
      await composer.getByLabel('Close reason').fill(reason)
      await page.keyboard.press('Control+Enter')
    },

    rows: (kind, text) => {
      const rows = grid.getByRole('row').filter({ has: page.getByRole('gridcell', { name: kind, exact: true }) })
      return text === undefined ? rows : rows.filter({ hasText: text })
    },
    async cells(row) {
      // In one go, once the row is there: rows come and go while one looks.
      const cells = await row.evaluate((element) =>
        [...element.querySelectorAll<HTMLElement>('[role="gridcell"]')].map((cell) => ({
          text: cell.innerText.trim(),
          title: cell.getAttribute('title'), // the exact figure of a size that is shown rounded
          label: cell.getAttribute('aria-label'),
        })),
      )
      const [number, time, delta, , kind, summary, wire, payload] = cells.map(({ text }) => text)
      const who = cells[3]?.label
      return {
        number: number!,
        time: time!,
        delta: delta!,
        who: who ?? '',
        kind: kind!,
        summary: summary!,
        wire: toNumber(cells[6]?.title ?? wire!),
        payload: toNumber(cells[7]?.title ?? payload!),
      }
    },
    async open(row) {
      const number = (await row.getByRole('gridcell').first().innerText()).trim()
      await row.click()
      // The detail of the row before may name this one, in a link.
      await expect(detail).toHaveAttribute('aria-busy', 'false')
      await expect(detail.getByText(`#${number}`, { exact: true }).first()).toBeVisible()
    },
    async tab(name) {
      await detail.getByRole('tab', { name, exact: true }).click()
      const panel = detail.getByRole('tabpanel', { name, exact: true })
      await expect(panel).toBeVisible()
      return panel
    },
  }
}

/** A figure as the list writes it, with thin spaces between thousands; null for an empty cell. */
const toNumber = (text: string): number | null => (text === '' ? null : Number(text.replace(/[^\d]/g, '')))

/** The bytes of a hex view, in order, as lower-case hex without spaces. Only what is in view. */
export async function hexBytes(panel: Locator): Promise<string> {
  const cells = panel.getByRole('grid', { name: /^Bytes of/ }).locator('[role="rowheader"] + [role="gridcell"]')
  await expect(cells.first()).toHaveText(/[\da-f]{2}/)
  return (await cells.allInnerTexts()).join('').replace(/\s/g, '')
}

/** Header lines of a head as shown, in order: `[name, value]`. */
export async function headerLines(head: Locator): Promise<[name: string, value: string][]> {
  const lines = head.locator('li > p:first-child')
  // The engine is asked for the head once its tab is open.
  await expect(lines.first()).toBeVisible()
  return (await lines.allInnerTexts()).map((text) => {
    const colon = text.indexOf(':')
    return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
  })
}

/** Bytes of a head with these lines on the wire, CRLF ends and the empty line included. */
export const headLength = (startLine: string, headers: readonly (readonly [string, string])[]): number =>
  Buffer.byteLength([startLine, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'))
