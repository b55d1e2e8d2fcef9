/**
 * The columns of a row, and of the chunks its bytes came in. Nothing else: what a row means is in preload/contract.
 * Three tables, since they are read apart: a filter needs the narrow columns only, a list the wide ones too.
 */
import type { Columns } from './columns.ts'

/** What filters look at. 10 bytes a row. */
export const NARROW = {
  connection: Uint32Array,
  flags: Uint16Array,
  /** Opcode, HTTP status or close code. */
  code: Uint16Array,
  kind: Uint8Array,
  from: Uint8Array,
} as const
export type Narrow = Columns<typeof NARROW>

/** The rest of a row. 44 bytes a row. */
export const WIDE = {
  /** µs since the capture started. */
  time: Float64Array,
  /** Offset in the byte stream of the row's connection and sender. */
  wireOffset: Float64Array,
  wireLength: Float64Array,
  payloadLength: Float64Array,
  /** 1-based index into the page's details; 0: none. */
  detail: Uint32Array,
  /** Where the row's content lies in the page's content; only what cannot be read off the wire is there. */
  contentOffset: Uint32Array,
  contentLength: Uint32Array,
} as const
export type Wide = Columns<typeof WIDE>

/** The network's own chunks, in the order they came. 29 bytes each. */
export const SEGMENT = {
  time: Float64Array,
  streamOffset: Float64Array,
  connection: Uint32Array,
  /** Offset in the page's bytes. */
  start: Uint32Array,
  length: Uint32Array,
  from: Uint8Array,
} as const
export type Segments = Columns<typeof SEGMENT>

/** A page closes at the first of these. */
export const PAGE_ROWS = 4_096
export const PAGE_BYTES = 256 * 1024
export const PAGE_SEGMENTS = 4_096
export const PAGE_CONTENT = 256 * 1024
/** JSON characters of details. */
export const PAGE_DETAILS = 1024 * 1024
/** ms after its first row or byte. */
export const PAGE_AGE = 50
