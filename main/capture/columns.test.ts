/** What is packed comes back, in every way of packing; what is damaged comes back as null. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOn, packColumns, rowBytes, unpackColumns, type Columns } from './columns.ts'

const LAYOUT = { wide: Float64Array, long: Uint32Array, short: Uint16Array, byte: Uint8Array } as const
type Row = [wide: number, long: number, short: number, byte: number]

function columnsOf(rows: readonly Row[]): Columns<typeof LAYOUT> {
  const columns = columnsOn(LAYOUT, new ArrayBuffer(rows.length * rowBytes(LAYOUT)), 0, rows.length)
  rows.forEach(([wide, long, short, byte], i) => {
    columns.wide[i] = wide
    columns.long[i] = long
    columns.short[i] = short
    columns.byte[i] = byte
  })
  return columns
}

const make = (count: number, row: (i: number) => Row): Row[] => Array.from({ length: count }, (_, i) => row(i))
/** Without a pattern. */
const mixed = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0

const CASES: [name: string, rows: Row[], most: number][] = [
  ['no rows', [], 64],
  ['one row', make(1, () => [0.5, 1, 2, 3]), 64],
  ['one value', make(4_096, () => [1.25, 0xffff_ffff, 65_535, 255]), 64],
  ['runs', make(4_096, (i) => [Math.floor(i / 900) + 0.1, i >> 10, i >> 9, i >> 11]), 256],
  ['small steps', make(4_096, (i) => [2 ** 40 + i * 66, i * 3, 0, 0]), 2 * 4_096 + 64],
  ['steps of two bytes', make(4_096, (i) => [i * 1_000, i * 999, 0, 0]), 4 * 4_096 + 64],
  ['steps of four bytes', make(4_096, (i) => [i * 0xffff_ffff, 0, 0, 0]), 4 * 4_096 + 64],
  ['steps too large', make(99, (i) => [i * 2 ** 33, 0, 0, 0]), 99 * 8 + 64],
  ['numbers that shrink', make(99, (i) => [99 - i, 99 - i, 99 - i, 99 - i]), 99 * 15 + 4],
  ['fractions', make(99, (i) => [i / 3, 0, 0, 0]), 99 * 8 + 64],
  [
    'not numbers, infinite, far',
    [
      [NaN, 0, 0, 0],
      [Infinity, 0, 0, 0],
      [-1e300, 0, 0, 0],
    ],
    64,
  ],
  ['no pattern', make(4_096, (i) => [mixed(i) / 7, mixed(i), mixed(i) & 0xffff, mixed(i) & 0xff]), 4_096 * 15 + 4],
]

test.each(CASES)('%s', (_, rows, most) => {
  const columns = columnsOf(rows)
  const packed = packColumns(columns, rows.length)
  expect(packed.length).toBeLessThanOrEqual(most)
  expect(unpackColumns(LAYOUT, packed, rows.length)).toEqual(columns)
  // A blob out of a database may lie anywhere.
  const shifted = new Uint8Array(packed.length + 1)
  shifted.set(packed, 1)
  expect(unpackColumns(LAYOUT, shifted.subarray(1), rows.length)).toEqual(columns)
})

test('only the first rows of larger columns are packed', () => {
  const rows = make(50, (i) => [i * 66, i, i & 1, 7])
  const packed = packColumns(columnsOf(rows), 20)
  expect(unpackColumns(LAYOUT, packed, 20)).toEqual(columnsOf(rows.slice(0, 20)))
})

test('any rows', () => {
  const value = (max: number) => fc.oneof(fc.constant(0), fc.nat(3), fc.nat(max))
  const row = fc.tuple(
    fc.oneof(
      value(2 ** 30),
      fc.double().map((x) => x + 0), // no -0: it counts as 0
    ),
    value(0xffff_ffff),
    value(0xffff),
    value(0xff),
  )
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      const columns = columnsOf(rows)
      expect(unpackColumns(LAYOUT, packColumns(columns, rows.length), rows.length)).toEqual(columns)
    }),
  )
})

test('a damaged blob is null or some columns, never an exception', () => {
  const packed = CASES.map(([, rows]) => [packColumns(columnsOf(rows), rows.length), rows.length] as const)
  for (const [blob, rows] of packed) {
    expect(unpackColumns(LAYOUT, blob.subarray(0, -1), rows)).toBeNull()
    expect(unpackColumns(LAYOUT, Buffer.concat([blob, Buffer.of(0)]), rows)).toBeNull()
    if (rows > 0) expect(unpackColumns(LAYOUT, blob, rows + 1)).toBeNull()
  }
  const small = packColumns(columnsOf(make(40, (i) => [i * 66, i >> 3, i & 7, 1])), 40)
  fc.assert(
    fc.property(fc.nat(small.length - 1), fc.nat(255), (at, byte) => {
      const hurt = Uint8Array.from(small)
      hurt[at] = byte
      const read = unpackColumns(LAYOUT, hurt, 40)
      expect(read === null || read.wide.length === 40).toBe(true)
    }),
  )
})
