/** Every view of the window worth a look, as steps that lead to it from a fresh window. */
import { expect, type Page } from '@playwright/test'
import { type Inspector } from '../../e2e/pages/inspector.ts'
import { refusingServer } from './servers.ts'
import { openRow, playSession } from './session.ts'

export interface Stage {
  page: Page
  window: Inspector
  /** Called when the pictures are drawn. */
  finally(end: () => Promise<unknown>): void
}

export interface View {
  name: string
  sizes?: readonly { width: number; height: number }[]
  /** Device pixels a CSS pixel: what zooming the window does. */
  scale?: number
  play(stage: Stage): Promise<void>
}

/** Connects to a reference server, which starts it; leaves again when the pictures are drawn. */
async function meet({ window, ...stage }: Stage, name: string): Promise<void> {
  await window.chooseServer(name)
  await window.connect()
  await expect(window.status).toContainText(/Open|Waiting/)
  stage.finally(() => window.disconnect().catch(() => undefined))
}

/** The chat room's session, played once; after that its capture tells the same. */
async function room({ page, window, ...stage }: Stage): Promise<void> {
  const past = page.getByRole('list', { name: 'Captures' }).getByRole('button', { name: /rooms/ })
  await page.getByRole('list', { name: 'Reference servers' }).waitFor()
  await page.waitForTimeout(300)
  if ((await past.count()) === 0) return stage.finally((await playSession(window)).close)
  await past.first().click()
  await openRow(window, window.rows('text', 'Hello').first())
}

async function tabOf(stage: Stage, kind: string, text: string | RegExp | undefined, tab: string): Promise<void> {
  await openRow(stage.window, stage.window.rows(kind, text).first())
  await stage.window.tab(tab)
}

const rowsOf = async (stage: Stage, server: string, kind: string, text?: RegExp): Promise<void> => {
  await meet(stage, server)
  await openRow(stage.window, stage.window.rows(kind, text).first())
}

export const VIEWS: readonly View[] = [
  { name: 'empty', play: ({ page }) => page.getByRole('grid').waitFor() },
  {
    name: 'server-chosen',
    play: ({ window }) => window.chooseServer('Server-Sent Events'),
  },
  { name: 'session', play: room },
  {
    name: 'following',
    async play(stage) {
      await meet(stage, 'WebSocket ws')
      await stage.window.send('Text', '{"type":"say","text":"hello"}')
      await expect(stage.window.rows('text', 'hello')).toHaveCount(2)
      await stage.page.waitForTimeout(3_000)
    },
  },
  {
    name: 'controls',
    async play(stage) {
      await meet(stage, 'WebSocket by hand')
      await stage.page.getByRole('button', { name: 'Controls of WebSocket by hand' }).click()
      await stage.page.getByRole('dialog', { name: /^Controls/ }).waitFor()
    },
  },
  {
    name: 'request',
    async play({ page, window }) {
      await window.typeUrl('https://stream.example/v1/events')
      await page.getByRole('button', { name: /^Request/ }).click()
      const panel = page.getByRole('dialog', { name: 'Request' })
      await panel.getByRole('button', { name: 'Add header' }).click()
      await panel.getByLabel('Header 1 name').fill('Authorization')
      await panel.getByLabel('Header 1 value').fill('Bearer eyJhbGciOi…')
    },
  },
  {
    name: 'technique',
    async play({ page }) {
      await page.getByRole('combobox', { name: 'Technique' }).click()
      await page.getByRole('option', { name: 'Long polling' }).hover()
    },
  },
  {
    name: 'ws-fragment',
    async play(stage) {
      await room(stage)
      await openRow(stage.window, stage.page.getByRole('row').filter({ hasText: /cont/ }).first())
    },
  },
  {
    name: 'ws-message',
    async play(stage) {
      await room(stage)
      await openRow(stage.window, stage.page.getByRole('row').filter({ hasText: /cont/ }).first())
      await stage.window.tab('Message')
    },
  },
  {
    name: 'ws-compressed',
    async play(stage) {
      await meet(stage, 'WebSocket ws')
      await stage.window.send('Text', JSON.stringify({ list: Array.from({ length: 40 }, (_, i) => `item ${i}`) }))
      await openRow(stage.window, stage.window.rows('text', 'item').first())
    },
  },
  {
    name: 'ws-close',
    async play(stage) {
      await room(stage)
      await openRow(stage.window, stage.window.rows('close', '1007').first())
    },
  },
  {
    name: 'bad-utf8',
    async play(stage) {
      await room(stage)
      await openRow(stage.window, stage.window.rows('text', 'see you').first())
    },
  },
  {
    name: 'handshake',
    async play(stage) {
      await room(stage)
      await tabOf(stage, 'text', 'Hello', 'Handshake')
    },
  },
  {
    name: 'handshake-accept',
    async play(stage) {
      await room(stage)
      await tabOf(stage, 'text', 'Hello', 'Handshake')
      await stage.window.detail.getByText('Accept, step by step').scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'timing',
    async play(stage) {
      await room(stage)
      await tabOf(stage, 'text', 'Hello', 'Timing')
    },
  },
  ...(['Text', 'JSON', 'Hex'] as const).map((how) => ({
    name: `payload-${how.toLowerCase()}`,
    async play(stage: Stage) {
      await room(stage)
      await tabOf(stage, 'text', 'join', 'Payload')
      await stage.window.detail.getByRole('tab', { name: how, exact: true }).click()
    },
  })),
  { name: 'sse-event', play: (stage) => rowsOf(stage, 'Server-Sent Events', 'event', /seq/) },
  {
    name: 'sse-comment',
    async play(stage) {
      await meet(stage, 'Server-Sent Events')
      await stage.window.control('Server-Sent Events', 'Comment every (0 = never)', '400')
      await openRow(stage.window, stage.window.rows('comment').first())
    },
  },
  { name: 'poll', play: (stage) => rowsOf(stage, 'Polling', 'poll') },
  {
    name: 'long-poll-empty',
    async play(stage) {
      await meet(stage, 'Long polling')
      // First the limit: a request that waits keeps the one that it came with, so that one has to be answered.
      await stage.window.control('Long polling', 'Hold at most', '300')
      const waiting = await stage.window.rows('poll').count()
      await expect.poll(() => stage.window.rows('poll').count()).toBeGreaterThan(waiting + 1)
      await stage.window.control('Long polling', 'Paused', true)
      await openRow(stage.window, stage.window.rows('poll', /204|empty|nothing/i).first())
      stage.finally(() => stage.window.control('Long polling', 'Paused', false))
    },
  },
  { name: 'script-call', play: (stage) => rowsOf(stage, 'Iframe streaming', 'script') },
  {
    name: 'refused',
    async play({ window, ...stage }) {
      const refusing = await refusingServer()
      stage.finally(refusing.close)
      await window.typeUrl(`ws://127.0.0.1:${refusing.port}/private`)
      await window.connect()
      await expect(window.status).toContainText('Failed')
      await openRow(window, window.rows('response').first())
    },
  },
  ...(['Server-Sent Events', 'WebSocket ws', 'Iframe streaming'] as const).map((server) => ({
    name: `api-${server.toLowerCase().replace(/\W+/g, '-')}`,
    async play(stage: Stage) {
      await stage.window.chooseServer(server)
      await stage.window.useClient('Browser API')
      await stage.window.connect()
      await expect(stage.window.status).toContainText(/Open|Waiting/)
      stage.finally(() => stage.window.disconnect())
      await stage.page.waitForTimeout(2_500)
      await openRow(stage.window, stage.window.rows('api-event').nth(2))
    },
  })),
  {
    name: 'nothing-found',
    async play(stage) {
      await room(stage)
      await stage.page.getByRole('searchbox', { name: 'Search' }).fill('/no such (text|thing)/')
      await stage.page.getByText('No row fits the filter.').waitFor()
    },
  },
  {
    name: 'past-capture',
    async play({ page }) {
      await page
        .getByRole('list', { name: 'Captures' })
        .getByRole('listitem')
        .last()
        .getByRole('button')
        .first()
        .click()
      await page.getByRole('grid', { name: 'Rows' }).getByRole('row').nth(2).click()
    },
  },
  {
    name: 'keys',
    async play({ page }) {
      await page.getByRole('button', { name: 'Keys', exact: true }).click()
    },
  },
  {
    name: 'below',
    async play(stage) {
      await room(stage)
      await stage.page.getByRole('button', { name: 'Put the detail below' }).click()
    },
  },
  { name: 'narrow', sizes: [{ width: 1024, height: 768 }], play: room },
  { name: 'wide', sizes: [{ width: 2560, height: 1440 }], play: room },
  { name: 'zoomed', sizes: [{ width: 640, height: 400 }], scale: 2, play: room },
]
