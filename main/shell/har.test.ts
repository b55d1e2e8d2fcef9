import { expect, test } from 'vitest'
import { realtimeEndpoints } from './har.ts'

const har = (...entries: unknown[]): string => JSON.stringify({ log: { version: '1.2', entries } })
const entry = (url: unknown, more: object = {}): object => ({ request: { method: 'GET', url }, ...more })

test('WebSockets and event streams are found, as Chromium and Firefox list them, each once', () => {
  const text = har(
    entry('https://example.org/index.html', { response: { status: 200, content: { mimeType: 'text/html' } } }),
    entry('wss://example.org/a', { _resourceType: 'websocket', _webSocketMessages: [] }),
    entry('wss://example.org/a'),
    entry('https://example.org/b', { response: { status: 101 } }),
    entry('https://example.org/c', { response: { status: 200, content: { mimeType: 'text/event-stream; x' } } }),
    entry('http://example.org/d', { _resourceType: 'eventsource' }),
  )
  expect(realtimeEndpoints(text)).toEqual([
    'wss://example.org/a',
    'wss://example.org/b',
    'https://example.org/c',
    'http://example.org/d',
  ])
})

test('an archive of something else lists none, and URLs that no link may carry are none', () => {
  const hostile = ['wss://user:secret@a.example/', 'wss://a.example/\u202E', 'wss://', 7, null].map((url) =>
    entry(url, { _resourceType: 'websocket' }),
  )
  expect(realtimeEndpoints(har(...hostile, null, 1, 'x', [], { request: null }))).toEqual([])
})

test.each(['', '{', '[]', 'null', '{"log":{}}', '{"log":{"entries":{}}}', '{"__proto__":{"log":{"entries":[]}}}'])(
  '%j is no archive',
  (text) => {
    expect(realtimeEndpoints(text)).toBe(null)
  },
)

test('a list without end is cut', () => {
  const many = Array.from({ length: 300 }, (_, n) => entry(`wss://example.org/${n}`))
  expect(realtimeEndpoints(har(...many))).toHaveLength(100)
})
