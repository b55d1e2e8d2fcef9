import { expect, it } from 'vitest'
import { inWords } from './sources.ts'

it.each([
  ['HTTP 404 Not Found instead of 200 OK', 'Check the path.', 'HTTP 404 Not Found instead of 200 OK. Check the path.'],
  ['Nothing listens there.', 'Check the port.', 'Nothing listens there. Check the port.'],
  ['It ended', '', 'It ended'],
])('joins "%s" and "%s"', (message, hint, words) => {
  expect(inWords({ message, hint })).toBe(words)
})
