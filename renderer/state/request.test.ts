import { shallowRef } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { SERVERS, type ServerId } from '../../preload/contract/index.ts'

const running = shallowRef<Partial<Record<ServerId, string>>>({})

vi.mock('./servers.ts', () => ({
  hostOf: (url: string) => URL.parse(url)?.host ?? '',
  serverUrl: (id: ServerId) => running.value[id] ?? `${SERVERS[id].scheme}://127.0.0.1:${SERVERS[id].defaultPort}/`,
  runningServerAt: (host: string) =>
    (Object.keys(running.value) as ServerId[]).find((id) => URL.parse(running.value[id]!)?.host === host) ?? null,
}))

const { chooseServer, form, target } = await import('./request.ts')

beforeEach(() => {
  running.value = {}
  form.url = ''
  form.technique = 'auto'
})

it('takes back the technique that a server brought once the URL leads elsewhere', () => {
  chooseServer('polling')
  expect(form.technique).toBe('polling')
  form.url = 'ws://example.org/'
  expect(form.technique).toBe('auto')
  form.url = 'http://127.0.0.1:8000/clock'
  expect(form.technique).toBe('polling')
})

it('keeps a technique that the reader chose', () => {
  chooseServer('polling')
  form.technique = 'sse'
  form.url = 'http://example.org/'
  expect(form.technique).toBe('sse')
  form.url = 'http://127.0.0.1:8000/clock'
  expect(form.technique).toBe('sse')
})

it('goes along when the chosen server starts on another port', () => {
  chooseServer('websocket-library')
  running.value = { 'websocket-library': 'ws://127.0.0.1:40001/' }
  expect([form.url, form.technique, target.value]).toEqual(['ws://127.0.0.1:40001/', 'websocket', 'websocket-library'])
})

it('leaves a URL alone that is not the one of the chosen server', () => {
  chooseServer('websocket-library')
  form.url = 'ws://127.0.0.1:8004/?clock=0'
  running.value = { 'websocket-library': 'ws://127.0.0.1:40001/' }
  expect(form.url).toBe('ws://127.0.0.1:8004/?clock=0')
})
