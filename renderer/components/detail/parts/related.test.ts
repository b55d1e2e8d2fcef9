import { expect, test } from 'vitest'
import { relatedFacts, rowAway } from './related.ts'

test.each([
  [410, '#9 after 410\u202fµs'],
  [-410, '#9 410\u202fµs before'],
  [1, '#9 after 1\u202fµs'],
  [-1, '#9 1\u202fµs before'],
  [0, '#9 at the same moment'],
  [-0.4, '#9 at the same moment'],
])('a row that is %d µs away', (delta, words) => expect(rowAway(9, delta)).toBe(words))

test('a long list ends with how many more there are', () => {
  const facts = relatedFacts(Array.from({ length: 30 }, (_, i) => ({ label: 'fragment', seq: i + 1, delta: i })))
  expect(facts).toHaveLength(25)
  expect(facts[0]).toEqual({ label: 'fragment', seq: 1, value: '#1 at the same moment' })
  expect(facts.at(-1)).toMatchObject({ label: 'and', value: '6 more' })
})
