import { shallowRef } from 'vue'
import { describe, expect, test, vi } from 'vitest'
import { KINDS, type RowDetail } from '../../../preload/contract/index.ts'
import { rememberTab, tabsFor, tabToShow } from './tabs.ts'

vi.mock('../../state/storage.ts', () => ({ stored: (_name: string, initial: unknown) => shallowRef(initial) }))

const row = (change: Partial<RowDetail>): RowDetail =>
  ({
    kind: 'ws-frame',
    connection: 1,
    sizes: { wire: 11, payload: 5, content: 5 },
    details: null,
    ...change,
  }) as RowDetail

describe('tabs of a row', () => {
  test.each(KINDS)('%s has a tab of its own first, and handshake and timing last', (kind) => {
    const ids = tabsFor(row({ kind, sizes: { wire: 0, payload: 0, content: 0 } })).map((tab) => tab.id)
    expect(ids).toHaveLength(3)
    expect(ids.slice(1)).toEqual(['handshake', 'timing'])
  })

  test('a row of no connection has no handshake', () =>
    expect(tabsFor(row({ connection: 0 })).map((tab) => tab.id)).not.toContain('handshake'))

  test('a row with bytes has a payload tab', () => expect(tabsFor(row({})).map((tab) => tab.id)).toContain('payload'))

  test('bytes without payload are called so', () =>
    expect(tabsFor(row({ sizes: { wire: 2, payload: 0, content: 0 } })).map((tab) => tab.label)).toContain('Bytes'))

  test('only a frame of an assembled message has a message tab', () => {
    expect(tabsFor(row({ details: { messageSeq: 9 } })).map((tab) => tab.label)).toContain('Message')
    expect(tabsFor(row({ kind: 'note', details: { messageSeq: 9 } })).map((tab) => tab.label)).not.toContain('Message')
  })
})

describe('the remembered tab', () => {
  test('is kept for each kind, and only used where the row has it', () => {
    const frame = tabsFor(row({}))
    expect(tabToShow('ws-frame', frame)).toBe('frame')
    rememberTab('ws-frame', 'payload')
    expect(tabToShow('ws-frame', frame)).toBe('payload')
    expect(tabToShow('ws-frame', tabsFor(row({ sizes: { wire: 0, payload: 0, content: 0 } })))).toBe('frame')
    expect(tabToShow('sse-event', tabsFor(row({ kind: 'sse-event' })))).toBe('event')
  })
})
