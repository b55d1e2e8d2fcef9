import { expect, test } from 'vitest'
import { currentReadme, expectedReadme, replacePart } from './readme.ts'

test('the README prints every finding of the table', () => {
  expect(currentReadme()).toBe(expectedReadme())
})

test('a part is replaced and everything around it kept', () => {
  expect(replacePart('a\n<!-- x -->old<!-- /x -->\nb', 'x', 'new')).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb')
  expect(() => replacePart('nothing', 'x', 'new')).toThrow('no part named x')
})
