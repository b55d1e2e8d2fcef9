import { expect, test } from 'vitest'
import { cutText } from './cut.ts'

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc… (1 more characters)'],
  ['ab😀cd', 3, 'ab… (4 more characters)'],
])('%s within %i', (text, most, expected) => expect(cutText(text, most)).toBe(expected))
