import { expect, it } from 'vitest'
import { createPageIndex } from './page-index.ts'

it('finds the page of a row, pages without rows between', () => {
  const index = createPageIndex()
  index.add(1, 3, 0, 0)
  index.add(4, 0, 0, 0) // bytes only
  index.add(4, 2, 5, 6)
  index.add(6, 0, 0, 0)
  expect([0, 1, 3, 4, 5, 6].map((seq) => index.pageOf(seq))).toEqual([0, 1, 1, 3, 3, 0])
  expect([index.rows, index.length, index.firstSeq(3), index.kinds(3), index.flags(3)]).toEqual([5, 4, 4, 5, 6])
})
