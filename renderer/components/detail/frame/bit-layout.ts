/**
 * Lays a frame's header out as the RFC draws it: 32 bits a row. Pure; BitDiagram.vue draws it.
 * https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
import type { From, FrameFields } from '../../../../preload/contract/index.ts'
import { fromBase64, toHex } from '../../hex/bytes.ts'
import { fieldMeaning } from './field-meaning.ts'

export type FieldId = 'fin' | 'rsv1' | 'rsv2' | 'rsv3' | 'opcode' | 'mask' | 'length7' | 'length' | 'key' | 'payload'

/** The part of a field that lies in one row of 32 bits. */
export interface Segment {
  row: number
  /** First bit within the row, 0-31. */
  column: number
  span: number
  /** Hex of the bytes in it, or the value of a field of less than a byte. */
  value: string
}

export interface FieldCell {
  id: FieldId
  /** Spoken name with its value: `Opcode 0x1 text`. */
  name: string
  /** Beneath the value where there is room, and where there is little. */
  label: string
  short: string
  /** One sentence about this field with this value. */
  meaning: string
  /** Bits from the start of the frame, end exclusive. */
  bits: { start: number; end: number }
  /** Bytes from the start of the frame, end exclusive; fields of the first byte share it. */
  bytes: { start: number; end: number }
  segments: Segment[]
}

/** Opcode names that fit four bits of a narrow diagram. */
const SHORT_OPCODES: Readonly<Record<number, string>> = {
  0: 'cont.',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
}

/** Bytes of payload drawn in the diagram; the rest is in the hex view. */
export const DRAWN_PAYLOAD = 12

export function bitLayout(frame: FrameFields, from: From): FieldCell[] {
  const cells: FieldCell[] = []
  let bit = 0
  const add = (
    id: FieldId,
    width: number,
    words: Pick<FieldCell, 'name' | 'label' | 'short'>,
    value: CellValue,
  ): void => {
    const bits = { start: bit, end: bit + width }
    cells.push({
      id,
      ...words,
      meaning: fieldMeaning(id, frame, from),
      bits,
      bytes: { start: bits.start >> 3, end: (bits.end + 7) >> 3 },
      segments: segmentsOf(bits.start, Math.min(width, drawnBits(id, width)), value),
    })
    bit += width
  }
  const flag = (id: FieldId, name: string, short: string, set: boolean): void =>
    add(id, 1, { name: `${name} ${set ? 1 : 0}`, label: name, short }, set ? '1' : '0')

  flag('fin', 'FIN', 'F', frame.fin)
  flag('rsv1', 'RSV1', '1', frame.rsv1)
  flag('rsv2', 'RSV2', '2', frame.rsv2)
  flag('rsv3', 'RSV3', '3', frame.rsv3)
  const opcode = `0x${frame.opcode.toString(16)}`
  add(
    'opcode',
    4,
    {
      name: `Opcode ${opcode} ${frame.opcodeName}`,
      label: frame.opcodeName,
      short: SHORT_OPCODES[frame.opcode] ?? 'reserved',
    },
    opcode,
  )
  flag('mask', 'MASK', 'M', frame.masked)
  add(
    'length7',
    7,
    { name: `Payload length ${frame.length7}`, label: 'payload length', short: 'length' },
    String(frame.length7),
  )
  if (frame.lengthForm !== 7) {
    const words = {
      name: `Extended payload length ${frame.length}`,
      label: 'extended payload length',
      short: 'ext. length',
    }
    add('length', frame.lengthForm, words, lengthBytes(frame.length, frame.lengthForm))
  }
  if (frame.masked) {
    const key = hexToBytes(frame.maskKey)
    add(
      'key',
      32,
      {
        name: `Masking key ${frame.maskKey === '' ? 'cut off' : toHex(key)}`,
        label: 'masking key',
        short: 'masking key',
      },
      key,
    )
  }
  const length = Number(frame.length)
  if (length > 0) {
    const label = frame.masked ? 'payload (masked)' : frame.compressed ? 'payload (compressed)' : 'payload'
    const words = { name: `Payload ${frame.length} ${length === 1 ? 'byte' : 'bytes'}`, label, short: label }
    add('payload', length * 8, words, fromBase64(frame.payloadMasked))
  }
  return cells
}

type CellValue = string | Uint8Array

function drawnBits(id: FieldId, width: number): number {
  return id === 'payload' ? DRAWN_PAYLOAD * 8 : width
}

function segmentsOf(start: number, width: number, value: CellValue): Segment[] {
  const segments: Segment[] = []
  for (let bit = start; bit < start + width;) {
    const column = bit % 32
    const span = Math.min(32 - column, start + width - bit)
    const from = (bit - start) >> 3
    const text = typeof value === 'string' ? value : toHex(value.subarray(from, from + (span >> 3)))
    segments.push({ row: Math.floor(bit / 32), column, span, value: text })
    bit += span
  }
  return segments
}

/** The length as it stands on the wire; a length that is no number (never from our engine) as zeros. */
function lengthBytes(length: string, bits: 16 | 64): Uint8Array {
  let rest = /^\d{1,20}$/.test(length) ? BigInt(length) : 0n
  const bytes = new Uint8Array(bits / 8)
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

function hexToBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
