/**
 * Typed arrays laid one behind the other in one buffer, described by a table. Little-endian, as every platform
 * that Node runs on; a file written on one machine opens on another.
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

/** The first `rows` rows of all columns, one column behind the other; `columnsOn` reads it back. */
export function packColumns<L extends Layout>(columns: Columns<L>, rows: number): Uint8Array {
  const parts = Object.values<ColumnArray>(columns)
  const packed = new Uint8Array(rows * parts.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 0))
  let at = 0
  for (const column of parts) {
    const length = rows * column.BYTES_PER_ELEMENT
    packed.set(new Uint8Array(column.buffer, column.byteOffset, length), at)
    at += length
  }
  return packed
}

/** Columns out of a packed blob; null when its size does not fit, as in a damaged file. */
export function unpackColumns<L extends Layout>(layout: L, blob: Uint8Array, rows: number): Columns<L> | null {
  if (blob.byteLength !== rows * rowBytes(layout)) return null
  const aligned = blob.byteOffset % 8 === 0 ? blob : blob.slice()
  return columnsOn(layout, aligned.buffer, aligned.byteOffset, rows)
}
