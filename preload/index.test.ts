import { beforeAll, expect, test, vi } from 'vitest'

const electron = vi.hoisted(() => ({
  exposed: new Map<string, Record<string, unknown>>(),
  sent: [] as unknown[][],
  listeners: new Map<string, (event: { ports: unknown[] }, message: unknown) => void>(),
}))

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: Record<string, unknown>) => electron.exposed.set(name, api) },
  ipcRenderer: {
    on: (channel: string, listener: never) => electron.listeners.set(channel, listener),
    send: (...message: unknown[]) => electron.sent.push(message),
  },
}))

const posted: unknown[][] = []

beforeAll(async () => {
  vi.stubGlobal('window', { postMessage: (...message: unknown[]) => posted.push(message) })
  vi.stubGlobal('location', { origin: 'app://pushscope' })
  Object.assign(process, { getSystemVersion: () => '6.12' }) // Electron adds it
  await import('./index.ts')
})

test('the page sees one name, a few words and two functions, and nothing of Electron', () => {
  expect([...electron.exposed.keys()]).toEqual(['pushscope'])
  const api = electron.exposed.get('pushscope')!
  expect(Object.keys(api).sort()).toEqual(['host', 'onOpening', 'requestPort', 'versions'])
  expect(api['host']).toBe('electron')
  expect(api['versions']).toEqual({ electron: '', chromium: '', system: '6.12' })
})

test('whoever listens asks for what has waited, and hears what is opened but nothing of the event', () => {
  const onOpening = electron.exposed.get('pushscope')!['onOpening'] as (listener: unknown) => void
  const heard: unknown[][] = []
  electron.sent.length = 0
  electron.listeners.get('pushscope:opening')!({ ports: [] }, { type: 'page', page: 'news' })
  onOpening((...heardNow: unknown[]) => heard.push(heardNow))
  expect(electron.sent).toEqual([['pushscope:watch-openings']])
  electron.listeners.get('pushscope:opening')!({ ports: [] }, { type: 'page', page: 'about' })
  expect(heard).toEqual([[{ type: 'page', page: 'news' }], [{ type: 'page', page: 'about' }]])
  electron.sent.length = 0
})

test('asking for a port passes nothing of the page on', () => {
  const requestPort = electron.exposed.get('pushscope')!['requestPort'] as (...args: unknown[]) => unknown
  expect(requestPort('extra')).toBe(undefined)
  expect(electron.sent).toEqual([['pushscope:request-port']])
})

test('a port goes to our own origin with its nonce; a message without one goes nowhere', () => {
  const port = { name: 'port' }
  electron.listeners.get('pushscope:port')!({ ports: [] }, { nonce: 'x' })
  electron.listeners.get('pushscope:port')!({ ports: [port] }, { nonce: '0123', more: 'hidden' })
  expect(posted).toEqual([[{ type: 'pushscope:port', nonce: '0123' }, 'app://pushscope', [port]]])
})
