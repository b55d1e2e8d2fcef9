import { expect, test } from 'vitest'
import { shortCount } from './short-count.ts'

test.each([
  [0, '0'],
  [9_999, '9999'],
  [10_000, '10.0 k'],
  [99_949, '99.9 k'],
  [99_950, '100 k'],
  [999_499, '999 k'],
  [999_500, '1.0 M'],
  [1_234_567, '1.2 M'],
  [250_000_000, '250 M'],
])('%d is shortened to %s', (n, text) => expect(shortCount(n)).toBe(text))
