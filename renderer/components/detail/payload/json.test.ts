import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonLines, openAtFirst, STEP } from './json-rows.ts'
import { checkJson, childrenOf, countChildren, type JsonNode, MAX_DEPTH } from './json-scan.ts'

const rootOf = (text: string): JsonNode => {
  const root = checkJson(text)
  if ('message' in root) throw new Error(`${root.message} at ${root.at}`)
  return root
}

describe('checking', () => {
  test.each([
    '{}',
    '[]',
    ' [1, 2] ',
    '"a\\u00e9"',
    '-0.5e+7',
    'null',
    '{"a":{"b":[{}]}}',
    '\ufeff{"a":1}',
    '[[],[[]]]',
  ])('%s is JSON', (text) => expect(checkJson(text)).toHaveProperty('type'))

  test.each([
    ['', 0, 'the text ends too early'],
    ['{"a":1', 6, 'the text ends too early'],
    ['[1,]', 3, 'no JSON value'],
    ['{"a" 1}', 1, 'no key and colon'],
    ['{a:1}', 1, 'no key and colon'],
    ['[1 2]', 3, 'a comma or a closing bracket is missing'],
    ['[1}', 2, 'a comma or a closing bracket is missing'],
    ['{} {}', 3, 'text after the value'],
    ['01', 1, 'text after the value'],
    ['"a\nb"', 0, 'no JSON value'],
    ['"\\x"', 0, 'no JSON value'],
    ['undefined', 0, 'no JSON value'],
  ])('%j is not: at %i, %s', (text, at, message) => expect(checkJson(text)).toEqual({ at, message }))

  test('nesting beyond the bound is refused, not followed', () => {
    expect(checkJson('['.repeat(100_000))).toEqual({ at: MAX_DEPTH, message: `nested deeper than ${MAX_DEPTH}` })
    expect(checkJson('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH))).toHaveProperty('type', 'array')
  })

  test('it agrees with JSON.parse on what is valid', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', '.', 'e', 'true', ' ', '\\')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (text) => {
          let valid = true
          try {
            JSON.parse(text)
          } catch {
            valid = false
          }
          expect('type' in checkJson(text)).toBe(valid)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('children', () => {
  test('numbers, duplicate keys and escapes stay as written', () => {
    const text = '{"id":12345678901234567890, "id":1.0,"\\u0061": "x\\/y"}'
    const { children, next } = childrenOf(text, rootOf(text), 10)
    expect(children.map((child) => [child.key, text.slice(child.start, child.end)])).toEqual([
      ['"id"', '12345678901234567890'],
      ['"id"', '1.0'],
      ['"\\u0061"', '"x\\/y"'],
    ])
    expect(next).toBe(-1)
  })

  test('a list is read on where it was left', () => {
    const text = '[ [1,2] , {"]":"}"} , "a,b" ,4]'
    const root = rootOf(text)
    const first = childrenOf(text, root, 3)
    const rest = childrenOf(text, root, 3, first.next)
    expect([...first.children, ...rest.children].map((child) => text.slice(child.start, child.end))).toEqual([
      '[1,2]',
      '{"]":"}"}',
      '"a,b"',
      '4',
    ])
    expect(rest.next).toBe(-1)
    expect(countChildren(text, root, 100)).toBe(4)
    expect(countChildren(text, root, 2)).toBe(2)
  })

  test('the parts found are the values that JSON.parse sees', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const text = JSON.stringify(values)
        const { children } = childrenOf(text, rootOf(text), 1_000)
        expect(children.map((child) => JSON.parse(text.slice(child.start, child.end)) as unknown)).toEqual(
          JSON.parse(text),
        )
      }),
    )
  })
})

describe('lines of the tree', () => {
  test('a closed container is one line that says what it holds', () => {
    const text = '{"a": [1,\n 2]}'
    const lines = jsonLines(text, rootOf(text), new Map())
    expect(lines).toMatchObject([{ depth: 0, type: 'object', open: false, text: '{"a": [1, 2]}', count: '1 key' }])
  })

  test('what is open shows its children, a repeated key is marked', () => {
    const text = '{"a":[1,2],"a":null}'
    const lines = jsonLines(
      text,
      rootOf(text),
      new Map([
        [0, STEP],
        [5, STEP],
      ]),
    )
    expect(lines.map((line) => [line.depth, line.key, line.type, line.duplicate])).toEqual([
      [0, '', 'object', false],
      [1, '"a"', 'array', false],
      [2, '0', 'number', false],
      [2, '1', 'number', false],
      [1, '"a"', 'literal', true],
    ])
  })

  test('a long list shows its first hundred and a line for more', () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i))
    const lines = jsonLines(text, rootOf(text), openAtFirst(text, rootOf(text)))
    expect(lines).toHaveLength(STEP + 2)
    expect(lines[0]?.count).toBe('10000+ items')
    expect(lines.at(-1)).toMatchObject({ type: 'more', text: 'show 100 more' })
  })

  test('a long value is cut on its line', () => {
    const text = JSON.stringify('x'.repeat(10_000))
    expect(jsonLines(text, rootOf(text), new Map())[0]?.text).toHaveLength(301)
  })

  test('a small document opens whole, a wide one only its root', () => {
    const small = '{"a":{"b":{"c":1}}}'
    expect(openAtFirst(small, rootOf(small)).size).toBe(3)
    const wide = JSON.stringify(Array.from({ length: 90 }, () => ({ a: 1 })))
    expect([...openAtFirst(wide, rootOf(wide)).keys()]).toEqual([0])
  })
})
