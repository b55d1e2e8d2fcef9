import { describe, expect, test } from 'vitest'
import { createRecentEnds, MOMENT } from './recent-ends.ts'

const viewport = 500

/** A list that was drawn with these ends, [px, ms] each. */
function list(...drawn: [number, number][]): (from: number, to: number, now: number) => boolean {
  const ends = createRecentEnds()
  for (const [end, at] of drawn) ends.drawn(end, at)
  return (from, to, now) => ends.reached({ from, to, viewport }, now)
}

describe('a move reaches the end', () => {
  const still = list([0, 0], [1000, 10])
  const fast = list([0, 0], [400_000, 1000], [800_000, 1200], [2_400_000, 1400])

  test.each<[string, boolean, boolean]>([
    ['of a list that stands still, however long ago it was drawn', still(900, 1000, 9_999_999), true],
    ['but for a pixel that the scroll bar does not have', still(900, 999.2, 9_999_999), true],
    ['not short of it', still(900, 998, 20), false],
    ['not upwards', still(1000, 990, 20), false],
    ['by staying there', still(1000, 1000, 20), true],
    ['by a drag to it', fast(0, 2_400_000, 1500), true],
    ['by a drag to where it was a moment ago', fast(0, 800_000, 1500), true],
    ['not by a drag to where it was earlier', fast(0, 800_000, 1401 + MOMENT), false],
    ['not by a drag past where it was a moment ago', fast(0, 1_200_000, 1500), false],
    ['by a step past where it was a moment ago', fast(799_900, 800_050, 1500), true],
    ['not by a step that began beyond that', fast(800_010, 800_050, 1500), false],
    ['not while there is nothing to scroll', list([0, 0])(0, 0, 10), false],
  ])('%s', (_name, reached, expected) => expect(reached).toBe(expected))

  test('of a list that is drawn anew with the end it had', () => {
    expect(list([1000, 0], [1000, 10], [1000, 20])(0, 1000, 30 + MOMENT)).toBe(true)
  })
})
