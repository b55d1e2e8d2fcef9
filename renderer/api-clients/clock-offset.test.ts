import { describe, expect, test } from 'vitest'
import { bestOffset, estimateOffset } from './clock-offset.ts'

describe('the offset to the engine clock', () => {
  test.each([
    ['nothing known', [], 0],
    ['same clock', [{ asked: 100, answered: 102, theirs: 101 }], 0],
    ['engine ahead', [{ asked: 100, answered: 102, theirs: 1101 }], 1000],
    ['engine behind', [{ asked: 1000, answered: 1004, theirs: 502 }], -500],
    [
      'the quickest round trip wins, wherever it stands',
      [
        { asked: 0, answered: 40, theirs: 135 },
        { asked: 50, answered: 52, theirs: 151 },
        { asked: 60, answered: 90, theirs: 161 },
      ],
      100,
    ],
  ])('%s', (_name, trips, offset) => expect(bestOffset(trips)).toBe(offset))

  test('is right to half a round trip when the way there is slow and the way back is not', async () => {
    let now = 0
    const slow = [9, 3, 1, 7, 5]
    const offset = await estimateOffset(
      () => now,
      async () => {
        now += slow.shift()!
        const theirs = now + 5_000
        now += 0.5
        return theirs
      },
    )
    expect(Math.abs(offset - 5_000)).toBeLessThanOrEqual(0.75)
  })
})
