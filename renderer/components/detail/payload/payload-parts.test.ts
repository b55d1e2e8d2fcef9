import { describe, expect, test } from 'vitest'
import type { RowDetail } from '../../../../preload/contract/index.ts'
import { THIN } from '../../../format/index.ts'
import { looksLikeJson, payloadParts, sizeWords, viewFor } from './payload-parts.ts'

const row = (wire: number, payload: number, content: number, change: Partial<RowDetail> = {}): RowDetail =>
  ({ sizes: { wire, payload, content }, contentType: 'text', frame: null, ...change }) as RowDetail
const frame = (masked: boolean, compressed: boolean) => ({ masked, compressed }) as RowDetail['frame']

describe('parts', () => {
  test.each([
    ['plain', row(7, 5, 5), ['Payload', 'Whole row on the wire']],
    ['masked', row(11, 5, 5, { frame: frame(true, false) }), ['Payload, unmasked', 'Whole row on the wire']],
    [
      'masked and compressed',
      row(11, 5, 40, { frame: frame(true, true) }),
      ['Payload, unmasked and decoded', 'Payload before decoding', 'Whole row on the wire'],
    ],
    ['gzip', row(30, 20, 90), ['Payload, decoded', 'Payload before decoding', 'Whole row on the wire']],
    ['a head', row(300, 0, 0), ['Whole row on the wire']],
    ['an API event', row(0, 12, 12), ['Payload']],
    ['a script', row(60, 60, 30, { kind: 'script-call' }), ['Value', 'Whole row on the wire']],
    ['nothing', row(0, 0, 0), []],
  ])('of a row that is %s', (_, detail, labels) =>
    expect(payloadParts(detail).map((part) => part.label)).toEqual(labels),
  )
})

describe('views', () => {
  test.each([
    ['json', 'content', 'json'],
    ['text', 'content', 'text'],
    ['binary', 'content', 'hex'],
    ['binary', 'wire', 'hex'],
    ['text', 'wire', 'text'],
  ] as const)('%s %s opens as %s', (contentType, part, view) =>
    expect(viewFor(row(1, 1, 1, { contentType }), part)).toBe(view),
  )

  test('a frame on the wire is hex, whatever it carries', () =>
    expect(viewFor(row(1, 1, 1, { frame: frame(false, false) }), 'wire')).toBe('hex'))

  test.each([
    ['{"a":1}', true],
    ['\ufeff \n[1]', true],
    ['data', false],
    ['', false],
  ])('%j looks like JSON: %s', (text, expected) => expect(looksLikeJson(text)).toBe(expected))
})

test('what compression saved is said', () => {
  const detail = row(30, 20, 90)
  expect(sizeWords(detail, payloadParts(detail)[0]!).replaceAll(THIN, ' ')).toBe('90 B from 20 B (4.50 to 1)')
})
