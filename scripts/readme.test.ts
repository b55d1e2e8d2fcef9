import { expect, test } from 'vitest'
import { benchTable, currentReadme, expectedReadme, replacePart } from './readme.ts'

test('the README prints every finding of the table', () => {
  expect(currentReadme()).toBe(expectedReadme())
})

test('a part is replaced and everything around it kept', () => {
  expect(replacePart('a\n<!-- x -->old<!-- /x -->\nb', 'x', 'new')).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb')
  expect(() => replacePart('nothing', 'x', 'new')).toThrow('no part named x')
})

test('a bench run is a table, and a sentence that names what lies below its goal', () => {
  const frames = {
    name: 'frames',
    unit: 'frames/s',
    ours: 7_654_321,
    peer: 2_000_000,
    peerName: 'ws',
    ratio: 3.827,
    goal: 2,
  }
  expect(benchTable([frames]).split('\n').at(-1)).toBe(
    '| frames | 7,650,000 frames/s | 2,000,000 frames/s | ws | 3.83 | 2 |',
  )
  expect(benchTable([frames]).split('\n')[0]).toBe('In this run all 1 ratios reach their goals.')
  const slow = { ...frames, name: 'slow frames', ratio: 1.99 }
  expect(benchTable([frames, slow]).split('\n')[0]).toBe(
    'In this run 1 of 2 ratios lie below their goals: slow frames (ws).',
  )
})
