import { describe, expect, test } from 'vitest'
import type { RowDetail, SseFields, SseLine } from '../../../../preload/contract/index.ts'
import { eventFacts, whyDropped } from './event-facts.ts'

const line = (role: string, end: SseLine['end'] = 'LF'): SseLine => ({ text: '', end, field: '', value: '', role })
const sse = (change: Partial<SseFields>): SseFields => ({
  event: 'message',
  data: 'x',
  id: null,
  lastEventId: '',
  retry: null,
  dropped: false,
  lines: [line('data'), line('blank')],
  ...change,
})
const facts = (change: Partial<SseFields>, kind = 'sse-event') =>
  Object.fromEntries(eventFacts({ kind } as RowDetail, sse(change)).map((fact) => [fact.label, fact.value]))

describe('an event', () => {
  test('with nothing but data is a message without id', () =>
    expect(facts({})).toEqual({ event: 'message', id: 'not set here', 'last event ID': 'empty', dispatched: 'yes' }))

  test('shows the id it sets and the one in force', () =>
    expect(facts({ id: '7', lastEventId: '7' })).toMatchObject({ id: '7', 'last event ID': '7' }))

  test('an empty id is not the same as none', () => expect(facts({ id: '' })['id']).toBe('set to the empty string'))

  test.each([
    [' still here', 'still here'],
    ['', 'empty'],
    ['x'.repeat(2_000), `${'x'.repeat(200)}…`],
  ])('a comment has a text alone', (value, text) =>
    expect(facts({ lines: [{ ...line('comment'), value }] }, 'sse-comment')).toEqual({ text }),
  )

  test('a retry line says its time, and nothing of an id', () =>
    expect(facts({ retry: 100 }, 'sse-retry')).toEqual({ retry: '100 ms' }))

  test('an id line shows what it sets', () =>
    expect(facts({ id: '7', lastEventId: '7' }, 'sse-id')).toEqual({ id: '7', 'last event ID': '7' }))
})

describe('why a block was dropped', () => {
  test.each([
    ['no data', [line('event'), line('blank')], /no data field/],
    ['an unfinished line', [line('data', '')], /before the blank line/],
    ['no blank line', [line('data')], /before the blank line/],
    ['nothing', [], /before the blank line/],
  ])('%s', (_, lines, sentence) => expect(whyDropped(sse({ lines, dropped: true }))).toMatch(sentence))
})
