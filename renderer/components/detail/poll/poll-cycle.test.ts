import { describe, expect, test } from 'vitest'
import { cycleParts, scaleMarks } from './poll-cycle.ts'

const poll = (waited: number, took: number) => ({
  requestSeq: 1,
  responseSeq: 2,
  status: 200,
  waited,
  took,
  empty: false,
  headerBytes: 0,
  bodyBytes: 0,
})

describe('a poll', () => {
  test.each([
    ['in three parts', 900, 1000, 40, [40, 900, 60]],
    ['whose request is not at hand', 900, 1000, null, [0, 900, 100]],
    ['with clocks that do not agree', 1200, 1000, 300, [0, 1000, 0]],
    ['that took no time', 0, 0, 0, [0, 0, 0]],
  ])('%s', (_, waited, took, asking, durations) => {
    const parts = cycleParts(poll(waited, took), asking)
    expect(parts.map((part) => part.duration)).toEqual(durations)
    expect(parts[2]!.start + parts[2]!.duration).toBe(took)
  })
})

describe('the scale', () => {
  test.each([
    [800, [200, 400, 600, 800]],
    [1000, [200, 400, 600, 800, 1000]],
    [1001, [500, 1000]],
    [25_000_000, [5_000_000, 10_000_000, 15_000_000, 20_000_000, 25_000_000]],
    [0, []],
  ])('of %i µs', (took, marks) => expect(scaleMarks(took)).toEqual(marks))
})
