import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import type { WindowApi } from '../../preload/contract/index.ts'
import type { Engine } from './engine.ts'
import { createParentListener, type WindowPort } from './window-ports.ts'

const open: MessagePort[] = []
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

/** Node's own ports stand for Electron's: same calls, but for the event around the data. */
function channel() {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  const ofEngine: WindowPort = {
    postMessage: (message) => port1.postMessage(message),
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
      port1.on(event, (data: unknown) => listener({ data })),
    start: () => port1.start(),
  }
  const heard: string[] = []
  let wake = (): void => undefined
  port2.on('message', (text: string) => {
    heard.push(text)
    wake()
  })
  const next = async (count: number): Promise<string[]> => {
    while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve))
    return heard
  }
  return { ofEngine, ofWindow: port2, next }
}

function standIn() {
  const windows = new Set<WindowApi>()
  let left = (): void => undefined
  const allLeft = new Promise<void>((resolve) => (left = resolve))
  const engine = {
    api: { now: async () => 42 },
    subscribe(window: WindowApi) {
      windows.add(window)
      return () => {
        windows.delete(window)
        left()
      }
    },
  } as unknown as Engine
  return { engine, windows, allLeft }
}

test('a window asks over its port in JSON text and is answered in JSON text', async () => {
  const { ofEngine, ofWindow, next } = channel()
  const listen = createParentListener(standIn().engine, () => undefined)
  listen({ data: { type: 'window', restarted: '' }, ports: [ofEngine] })
  ofWindow.postMessage('not JSON')
  ofWindow.postMessage({ t: 'q', m: 'now', i: 'object', a: [] })
  ofWindow.postMessage(JSON.stringify({ t: 'q', m: 'now', i: 'one', a: [] }))
  const [answer] = await next(1)
  expect(JSON.parse(answer!)).toMatchObject({ t: 's', i: 'one', r: 42 })
})

test('a window whose engine died is told first of all', async () => {
  const { ofEngine, next } = channel()
  const listen = createParentListener(standIn().engine, () => undefined)
  listen({ data: { type: 'window', restarted: 'it fell' }, ports: [ofEngine] })
  const [first] = await next(1)
  expect(JSON.parse(first!)).toMatchObject({ m: 'engineRestarted', a: ['it fell'] })
})

test('a window that closes is told nothing more', async () => {
  const { ofEngine, ofWindow } = channel()
  const { engine, windows, allLeft } = standIn()
  createParentListener(engine, () => undefined)({ data: { type: 'window', restarted: '' }, ports: [ofEngine] })
  expect(windows.size).toBe(1)
  ofWindow.close()
  await allLeft
  expect(windows.size).toBe(0)
})

test('the parent can end it; other messages and messages without a port are passed over', () => {
  const { engine, windows } = standIn()
  let closed = 0
  const listen = createParentListener(engine, () => (closed += 1))
  listen({ data: null, ports: [] })
  listen({ data: { type: 'window' }, ports: [] })
  listen({ data: { type: 'other' }, ports: [channel().ofEngine] })
  expect([closed, windows.size]).toEqual([0, 0])
  listen({ data: { type: 'close' }, ports: [] })
  expect(closed).toBe(1)
})
