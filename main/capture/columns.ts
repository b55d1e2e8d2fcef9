/**
 * Typed arrays laid one behind the other in one buffer, described by a table; and their packed form in the file.
 * Little-endian, as every platform that Node runs on; a file written on one machine opens on another.
 *
 * Most columns of most pages say little: one connection, one kind, times that change once per chunk of the network,
 * offsets that only grow. So each column is packed in the shortest of a few plain ways (CODE): a flood's row takes
 * 2 bytes in the file instead of 54, and the writer, whose cost is the bytes it moves, half the time.
 */
export type ColumnArray =
  | Float64Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>
  | Uint16Array<ArrayBufferLike>
  | Uint8Array<ArrayBufferLike>

interface ColumnType<A extends ColumnArray> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A
}

/** Names and types, widest first, so that every column is aligned for any number of rows. */
export type Layout = Readonly<Record<string, ColumnType<ColumnArray>>>

export type Columns<L extends Layout> = { readonly [Name in keyof L]: InstanceType<L[Name]> }

/** How a column is packed; the byte before it. */
const CODE = {
  /** As it is. */
  plain: 0,
  /** Count n (u32), n ends of runs of one value (u32: the row after the run), n values. */
  runs: 1,
  /** The first value (f64), then how much each following one is more: one, two or four bytes. */
  steps8: 2,
  steps16: 3,
  steps32: 4,
} as const

/** Bytes of one row. */
export const rowBytes = (layout: Layout): number =>
  Object.values(layout).reduce((sum, type) => sum + type.BYTES_PER_ELEMENT, 0)

/** Columns of `rows` rows over `buffer` from `offset` (a multiple of 8). */
export function columnsOn<L extends Layout>(layout: L, buffer: ArrayBufferLike, offset: number, rows: number) {
  const columns: Record<string, ColumnArray> = {}
  let at = offset
  for (const [name, type] of Object.entries(layout)) {
    columns[name] = new type(buffer, at, rows)
    at += rows * type.BYTES_PER_ELEMENT
  }
  return columns as Columns<L>
}

/** The first `rows` rows of all columns, packed; `unpackColumns` reads them back. */
export function packColumns<L extends Layout>(columns: Columns<L>, rows: number): Uint8Array {
  const parts = Object.values<ColumnArray>(columns)
  const most = parts.reduce((sum, column) => sum + 1 + rows * column.BYTES_PER_ELEMENT, 0)
  if (scratch.length < most) scratch = new Uint8Array(most)
  let at = 0
  for (const column of parts) at = packColumn(column, rows, at)
  return scratch.slice(0, at)
}

/** Columns out of a packed blob; null when it is not one of `rows` rows, as in a damaged file. */
export function unpackColumns<L extends Layout>(layout: L, blob: Uint8Array, rows: number): Columns<L> | null {
  const columns = columnsOn(layout, new ArrayBuffer(rows * rowBytes(layout)), 0, rows)
  let at = 0
  for (const column of Object.values<ColumnArray>(columns)) {
    at = unpackColumn(blob, at, column)
    if (at < 0) return null
  }
  return at === blob.length ? columns : null
}

/** What is being packed: used again, since fresh memory costs more than filling it. */
let scratch = new Uint8Array(0)
/** The column's values: the loops then see one type of array, which makes them three times as fast. */
let values = new Float64Array(4_096)
const first = new Float64Array(1)
const firstBytes = new Uint8Array(first.buffer)
const runEnds = new Uint32Array(8_192)

function valuesFor(rows: number): Float64Array {
  if (values.length < rows) values = new Float64Array(rows)
  return values
}

const bytesOf = (array: ColumnArray, length = array.length): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT)

/** Returns where the next column goes. */
function packColumn(column: ColumnArray, rows: number, at: number): number {
  const width = column.BYTES_PER_ELEMENT
  if (rows * width > 8 + width && isOneValue(column, rows)) {
    runEnds[0] = rows
    return packRuns(column, 1, at)
  }
  valuesFor(rows).set(column.subarray(0, rows))
  const runs = countRuns(values, rows, Math.min(runEnds.length, Math.floor((rows * width) / (4 + width) / 2)))
  if (runs > 0) return packRuns(column, runs, at)
  const step = width >= 4 ? largestStep(values, rows) : -1
  const stepWidth = step < 0 ? width : step <= 0xff ? 1 : step <= 0xffff ? 2 : 4
  if (stepWidth < width && rows > 8) return packSteps(values[0]!, rows, stepWidth, at)
  scratch[at] = CODE.plain
  scratch.set(bytesOf(column, rows), at + 1)
  return at + 1 + rows * width
}

/** Most columns are, so this is one native comparison: all bytes against the same bytes one value further on. */
export function isOneValue(column: ColumnArray, rows: number): boolean {
  const { buffer, byteOffset, BYTES_PER_ELEMENT: width } = column
  const length = Math.max(0, rows - 1) * width
  return (
    Buffer.compare(new Uint8Array(buffer, byteOffset, length), new Uint8Array(buffer, byteOffset + width, length)) === 0
  )
}

/** Runs of equal values, their ends in `runEnds`; 0 when they are more than `most`. */
function countRuns(column: Float64Array, rows: number, most: number): number {
  if (most === 0) return 0
  let runs = 0
  let value = column[0]!
  for (let i = 1; i < rows; i++) {
    const next = column[i]!
    if (next === value) continue
    if (runs + 1 >= most) return 0
    runEnds[runs++] = i
    value = next
  }
  runEnds[runs++] = rows
  return runs
}

function packRuns(column: ColumnArray, runs: number, at: number): number {
  const width = column.BYTES_PER_ELEMENT
  scratch[at] = CODE.runs
  scratch.set(bytesOf(Uint32Array.of(runs)), at + 1)
  scratch.set(bytesOf(runEnds, runs), at + 5)
  const source = bytesOf(column)
  let to = at + 5 + runs * 4
  for (let run = 0; run < runs; run++, to += width) {
    const from = (runEnds[run]! - 1) * width
    for (let k = 0; k < width; k++) scratch[to + k] = source[from + k]!
  }
  return to
}

/** Differences of values that follow each other; `steps[0]` means nothing. */
let steps = new Uint32Array(4_096)

/** By how much a column of whole numbers grows at most (each time in `steps`); -1 when it shrinks or has others. */
function largestStep(column: Float64Array, rows: number): number {
  if (!Number.isSafeInteger(column[0]) || !Number.isSafeInteger(column[rows - 1])) return -1
  if (steps.length < rows) steps = new Uint32Array(rows)
  const kept = steps
  let most = 0
  let before = column[0]!
  for (let i = 1; i < rows; i++) {
    const value = column[i]!
    const step = value - before
    kept[i] = step
    if (kept[i]! !== step) return -1
    if (step > most) most = step
    before = value
  }
  return most
}

function packSteps(start: number, rows: number, width: number, at: number): number {
  scratch[at] = width === 1 ? CODE.steps8 : width === 2 ? CODE.steps16 : CODE.steps32
  first[0] = start
  scratch.set(firstBytes, at + 1)
  const grown = steps.subarray(1, rows)
  const packed = width === 1 ? new Uint8Array(grown) : width === 2 ? new Uint16Array(grown) : grown
  scratch.set(bytesOf(packed), at + 9)
  return at + 9 + grown.length * width
}

/** Fills the column; returns where the next one begins, -1 when the blob cannot be read. */
function unpackColumn(blob: Uint8Array, at: number, column: ColumnArray): number {
  const code = blob[at]
  const rows = column.length
  if (code === CODE.plain) {
    const end = at + 1 + rows * column.BYTES_PER_ELEMENT
    if (end > blob.length) return -1
    bytesOf(column).set(blob.subarray(at + 1, end))
    return end
  }
  if (code === CODE.runs) return unpackRuns(blob, at + 1, column)
  const width = code === CODE.steps8 ? 1 : code === CODE.steps16 ? 2 : code === CODE.steps32 ? 4 : 0
  const end = at + 9 + (rows - 1) * width
  if (width === 0 || rows === 0 || end > blob.length) return -1
  firstBytes.set(blob.subarray(at + 1, at + 9))
  const target = valuesFor(rows)
  let value = first[0]!
  target[0] = value
  for (let i = 1, from = at + 9; i < rows; i++, from += width) {
    let step = blob[from]!
    if (width > 1) step += blob[from + 1]! * 0x100
    if (width > 2) step += blob[from + 2]! * 0x1_0000 + blob[from + 3]! * 0x100_0000
    value += step
    target[i] = value
  }
  column.set(target.subarray(0, rows))
  return end
}

function unpackRuns(blob: Uint8Array, at: number, column: ColumnArray): number {
  const width = column.BYTES_PER_ELEMENT
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  if (at + 4 > blob.length) return -1
  const runs = view.getUint32(at, true)
  const values = at + 4 + runs * 4
  const end = values + runs * width
  if (end > blob.length) return -1
  const target = bytesOf(column)
  let row = 0
  for (let run = 0; run < runs; run++) {
    const stop = view.getUint32(at + 4 + run * 4, true)
    if (stop <= row || stop > column.length) return -1
    target.set(blob.subarray(values + run * width, values + (run + 1) * width), row * width)
    if (stop > row + 1) column.fill(column[row]!, row + 1, stop)
    row = stop
  }
  return row === column.length ? end : -1
}
