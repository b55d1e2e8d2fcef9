/** The session that the README shows: a chat room over WebSocket, with a bit of everything that happens on a wire. */
import { expect, type Locator } from '@playwright/test'
import type { Inspector } from '../../e2e/pages/inspector.ts'
import { roomServer, type Endpoint } from './servers.ts'

/** Opens a row that may be out of sight, where it does not exist. */
export async function openRow(window: Inspector, row: Locator): Promise<void> {
  const grid = window.page.getByRole('grid', { name: 'Rows' })
  if ((await row.count()) === 0) await grid.press('Home')
  for (let screens = 0; screens < 10 && (await row.count()) === 0; screens++) {
    await grid.press('PageDown')
    await window.page.waitForTimeout(200)
  }
  await window.page.waitForTimeout(300) // which row is the first of its kind is only certain once the list rests
  await window.open(row)
}

/** Plays it to its end and opens a frame. The endpoint is the caller's to close. */
export async function playSession(window: Inspector): Promise<Endpoint> {
  const { page } = window
  await page.getByRole('button', { name: 'Start all servers' }).click()
  for (const name of ['Polling', 'Server-Sent Events']) {
    await window.chooseServer(name)
    await window.connect()
    await expect(window.status).toContainText('Open')
    await page.waitForTimeout(2_500)
    await window.disconnect()
  }
  const room = await roomServer()
  await window.typeUrl(`ws://127.0.0.1:${room.port}/rooms?room=lobby`)
  await window.connect()
  await expect(window.rows('ping').first()).toBeVisible()
  await window.send('Binary', '84 a4 74 79 70 65 a3 73 61 79 a2 69 64 07 a4 72 6f 6f 6d a5 6c 6f 62 62 79')
  await page.waitForTimeout(900)
  await window.send('Text', 'Hello')
  await expect(window.rows('text', 'Hello')).toHaveCount(2)
  await window.send('Text', '{"type":"join","room":"lobby"}')
  await expect(page.getByRole('row').filter({ hasText: 'history' }).first()).toBeVisible()
  await page.waitForTimeout(700)
  await window.send('Text', '{"type":"leave"}')
  await expect(window.status).toContainText(/Closed|Failed/)
  await openRow(window, window.rows('text', 'Hello').first())
  await page.mouse.move(0, 0)
  return room
}
