/** The Request panel: what a connection is asked for besides its URL. */
import { expect, type Page } from '@playwright/test'

export interface Wish {
  subprotocols?: string
  headers?: readonly (readonly [name: string, value: string])[]
  method?: string
  body?: string
  /** ms between polls */
  interval?: number
  raw?: boolean
  compression?: boolean
  reconnect?: boolean
  insecure?: boolean
}

const BOXES = [
  ['raw', 'By hand'],
  ['compression', 'Offer permessage-deflate'],
  ['reconnect', 'Reconnect as the technique does'],
  ['insecure', 'Accept any certificate'],
] as const

/** Opens the panel, sets what is given, and closes it again. The URL must be typed before: it decides what is shown. */
export async function askFor(page: Page, wish: Wish): Promise<void> {
  // Its name ends with the number of settings that differ from the default.
  await page.getByRole('button', { name: /^Request( ?\d+)?$/ }).click()
  const panel = page.getByRole('dialog', { name: 'Request' })
  for (const [index, [name, value]] of (wish.headers ?? []).entries()) {
    await panel.getByRole('button', { name: 'Add header' }).click()
    await panel.getByLabel(`Header ${index + 1} name`).fill(name)
    await panel.getByLabel(`Header ${index + 1} value`).fill(value)
  }
  if (wish.subprotocols !== undefined) await panel.getByLabel('Subprotocols').fill(wish.subprotocols)
  if (wish.interval !== undefined) await panel.getByLabel('Poll every').fill(String(wish.interval))
  if (wish.method !== undefined) await panel.getByLabel('Method').fill(wish.method)
  if (wish.body !== undefined) await panel.getByLabel('Body').fill(wish.body)
  for (const [name, label] of BOXES) {
    const on = wish[name]
    if (on !== undefined) await panel.getByRole('checkbox', { name: new RegExp(`^${label}`) }).setChecked(on)
  }
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
}

export async function chooseTechnique(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Technique' }).click()
  await page.getByRole('option', { name, exact: true }).click()
}
