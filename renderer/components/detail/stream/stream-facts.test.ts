import { describe, expect, test } from 'vitest'
import type { Handshake, RowDetail, RowSummary } from '../../../../preload/contract/index.ts'
import { THIN } from '../../../format/index.ts'
import { arrivalWords, placeFacts, previousOf, timeFacts } from './stream-facts.ts'

const plain = (text: string): string => text.replaceAll(THIN, ' ')
const row = (seq: number, from: RowSummary['from'], connection: number) => ({ seq, from, connection }) as RowSummary

describe('place in the stream', () => {
  const detail = {
    connection: 3,
    from: 'client',
    streamOffset: 48_212,
    sizes: { wire: 11 },
    arrivals: [{ time: 1, streamOffset: 48_212, length: 11 }],
  } as RowDetail

  test.each([
    ['probe', '#3 · a:1 → b:2'],
    ['server', '#3 · b:2 → a:1'],
  ] as const)('the client stands first, also when the %s recorded it', (by, value) =>
    expect(placeFacts(detail, { connect: { local: 'a:1', remote: 'b:2', by } } as Handshake)[0]?.value).toBe(value),
  )

  test('offsets are inclusive', () => expect(plain(placeFacts(detail, null)[1]!.value)).toBe('48 212 … 48 222'))

  test('a row of no bytes says so', () =>
    expect(placeFacts({ ...detail, streamOffset: null }, null)[1]?.label).toBe('on the wire'))
})

describe('arrivals', () => {
  const piece = (time: number, length: number) => ({ time, streamOffset: 0, length })
  test.each([
    [[], 'not recorded'],
    [[piece(0, 11)], '1 chunk (11 B)'],
    [[piece(0, 1460), piece(1200, 80)], '2 chunks (1 460 B, 80 B) over 1.20 ms'],
    [[1, 2, 3, 4, 5].map((n) => piece(n, n)), '5 chunks (1 B, 2 B, 3 B, 4 B, …) over 4 µs'],
  ])('%j', (arrivals, words) => expect(plain(arrivalWords(arrivals))).toBe(words))
})

describe('the row before', () => {
  test('and the one of the same kind are both told, once', () => {
    const like = (seq: number, kind: RowSummary['kind'], time: number) => ({ ...row(seq, 'server', 1), kind, time })
    const event = { ...like(9, 'sse-event', 500), at: '2026-11-20T16:00:00.000Z' } as RowDetail
    const seqs = (before: RowSummary[]) => timeFacts(event, before).flatMap((fact) => fact.seq ?? [])
    expect(seqs([like(6, 'sse-event', 100), like(8, 'http-body', 500)])).toEqual([8, 6])
    expect(seqs([like(7, 'http-body', 100), like(8, 'sse-event', 400)])).toEqual([8])
    expect(seqs([])).toEqual([])
  })

  test('is of the same sender and connection', () => {
    const before = [row(1, 'client', 1), row(2, 'server', 1), row(3, 'client', 2), row(9, 'client', 1)]
    expect(previousOf(row(4, 'client', 1), before)?.seq).toBe(1)
    expect(previousOf(row(1, 'client', 1), before)).toBeNull()
  })
})
