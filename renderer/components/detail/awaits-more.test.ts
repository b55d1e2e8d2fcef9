import { describe, expect, test } from 'vitest'
import { FLAG, type RowDetail } from '../../../preload/contract/index.ts'
import { awaitsMore } from './awaits-more.ts'
import { kindName } from './kind-names.ts'

const related = [{ label: 'answered by', seq: 2, delta: 1 }]
const row = (change: Partial<RowDetail>): RowDetail =>
  ({ kind: 'ws-frame', flags: FLAG.fin, code: 1, related: [], details: null, ...change }) as RowDetail

describe('rows that may still get company', () => {
  test.each<[string, Partial<RowDetail>, boolean]>([
    ['a ping without pong', { code: 9 }, true],
    ['a ping with its pong', { code: 9, related }, false],
    ['a whole text frame', {}, false],
    ['a first fragment', { flags: 0 }, true],
    ['a fragment whose message is there', { flags: 0, details: { messageSeq: 5 } }, false],
    ['a request without answer', { kind: 'http-request' }, true],
    ['a request with its answer', { kind: 'http-request', related }, false],
    ['a note', { kind: 'note' }, false],
  ])('%s: %s', (_, change, expected) => expect(awaitsMore(row(change))).toBe(expected))
})

describe('the name of a row', () => {
  test.each([
    ['ws-frame', 'text', 'Frame · text'],
    ['sse-event', 'event', 'Event'],
    ['sse-event', 'tick', 'Event · tick'],
    ['close', 'close', 'Close'],
    ['note', '', 'Note'],
  ] as const)('%s labelled "%s" is "%s"', (kind, label, name) => expect(kindName({ kind, label })).toBe(name))
})
