/** Any page, cut anywhere: the same scripts, nothing thrown, nothing held beyond the limit. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'
import { FUZZ, FUZZ_BYTES } from '../testing/fuzz.ts'
import { createRecordingSink, type RecordedRow } from '../testing/recording-sink.ts'
import { readScript } from './call.ts'
import { createIframeDissector } from './dissector.ts'
import { literalAsJson } from './literal.ts'

const RUNS = 12_000 * FUZZ
let bytesSeen = 0
const PARTS = [
  '<script',
  '</script',
  '>',
  '<',
  '/',
  '!',
  '--',
  '<!--',
  '-->',
  ' a="',
  "'",
  '"',
  '=',
  'x',
  ' ',
  '\n',
  'é',
  '<style>',
  '</style>',
  '<title>',
  '</title>',
  '<p>',
  'parent.tick(',
  '{a:1}',
  ')',
  '<script>',
  '</script>',
]

const page = fc
  .array(fc.constantFrom(...PARTS), { maxLength: 50, size: 'max' })
  .map((parts) => Buffer.from(parts.join('')))
const limits = { ...DEFAULT_LIMITS, script: 64 }

function dissect(bytes: Buffer, sizes: readonly number[]): RecordedRow[] {
  const sink = createRecordingSink()
  const dissector = createIframeDissector(sink, limits)
  for (let from = 0, n = 0; from < bytes.length; n++) {
    const piece = Buffer.from(bytes.subarray(from, from + sizes[n % sizes.length]!))
    dissector.feed({ bytes: piece, at: 0, wireOffset: from, wireLength: piece.length, direct: true })
    from += piece.length
    piece.fill(0x21)
  }
  dissector.end(0, false)
  return sink.rows
}

test('scripts do not depend on the cut', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(page, sizes, (bytes, cuts) => {
      bytesSeen += bytes.length
      const whole = dissect(bytes, [bytes.length + 1])
      expect(dissect(bytes, cuts)).toEqual(whole)
      for (const { wireOffset, wireLength } of whole) {
        expect(bytes.toString('latin1', wireOffset, wireOffset + wireLength)).toMatch(/^<script[^]*$/)
      }
    }),
    { numRuns: RUNS },
  )
})

test('scripts and literals of any text are read without a throw; what is read is JSON', () => {
  const text = fc.array(
    fc.constantFrom(...PARTS, '`', '${', '}', '[', ']', ',', ':', '\\', '0', '1', '.', 'null', '//', '/*', '*/', ';'),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(text, (parts) => {
      const { value, call, argument } = readScript(`parent.tick(${parts.join('')}`)
      if (value !== undefined) JSON.parse(value)
      expect(call === '' ? argument : '').toBe('')
      const json = literalAsJson(parts.join(''))
      if (json !== undefined) JSON.parse(json)
    }),
    { numRuns: RUNS },
  )
})

test('that was at least a million bytes', () => {
  expect(bytesSeen).toBeGreaterThan(FUZZ_BYTES)
})
