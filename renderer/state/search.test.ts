import { describe, expect, test } from 'vitest'
import { parseSearch } from './search.ts'

describe('the search field takes', () => {
  test.each([
    ['nothing', '', 'none', false],
    ['text', 'hello', 'text', false],
    ['a path as text', '/clock', 'text', false],
    ['two slashes as text', '//', 'text', false],
    ['a regex', '/seq":4\\d+/', 'regex', false],
    ['a regex with flags', '/HELLO/iu', 'regex', false],
    ['a regex over lines', '/a\nb/s', 'regex', false],
    ['a regex that has slashes', '/a/b/', 'regex', false],
    ['an open bracket literally, and says why', '/[/', 'text', true],
    ['unknown flags literally, and says why', '/a/xyz', 'text', true],
  ])('%s', (_name, text, kind, hasProblem) => {
    const search = parseSearch(text)
    expect(search.kind).toBe(kind)
    expect(search.problem !== '').toBe(hasProblem)
  })
})
