import { expect, test } from 'vitest'
import { HEADER_MEANINGS } from './headers.ts'
import { REALTIME_HEADERS } from './headers-realtime.ts'
import { WEB_HEADERS } from './headers-web.ts'

const ENTRIES = Object.entries(HEADER_MEANINGS)

test.each(ENTRIES)('%s: a name in lower case, a sentence, a place to read', (name, { meaning, spec }) => {
  expect(name).toMatch(/^[a-z0-9-]+$/)
  expect(meaning).toMatch(/^[A-Z`].*\.$/)
  expect(spec).not.toBe('')
})

test('no header stands in both tables', () => {
  expect(Object.keys(REALTIME_HEADERS).filter((name) => name in WEB_HEADERS)).toEqual([])
})

test('what a WebSocket handshake must carry', () => {
  const needs = (side: 'requiredInRequest' | 'requiredInAnswer') =>
    ENTRIES.filter(([, entry]) => entry[side]?.includes('websocket')).map(([name]) => name)
  // RFC 6455 4.1 and 4.2.2
  expect(needs('requiredInRequest')).toEqual([
    'host',
    'upgrade',
    'connection',
    'sec-websocket-key',
    'sec-websocket-version',
  ])
  expect(needs('requiredInAnswer')).toEqual(['upgrade', 'connection', 'sec-websocket-accept'])
})
