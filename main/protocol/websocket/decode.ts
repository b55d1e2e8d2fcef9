/**
 * One frame's bytes taken apart for showing (RFC 6455 5.2): pure, and only for the rows that someone looks at.
 * It judges nothing; findings come from dissector.ts.
 */
import { OPCODE, opcodeName, type FrameFields } from '../../../preload/contract/index.ts'
import { NO_CODE, readCloseBody } from './close.ts'
import { headerLength, uint32 } from './frame.ts'
import { maskInto, readKey } from './mask.ts'
import { utf8ErrorAt } from './utf8.ts'

/** Bytes of payload that the fields carry. */
const PREVIEW = 4096

export interface DecodedFrame extends FrameFields {
  /** Where the payload begins in `wire`; at most its length. */
  payloadStart: number
}

/**
 * `wire` is the frame from its first byte; it may be cut anywhere. What the frame itself does not tell is guessed:
 * `compressed` is RSV1 of a data frame and `inflatedLength` null, so whoever knows the row puts in what it says.
 */
export function readFrame(wire: Uint8Array): DecodedFrame {
  const first = wire[0] ?? 0
  const second = wire[1] ?? 0
  const opcode = first & 15
  const length7 = second & 127
  const masked = (second & 128) !== 0
  const header = headerLength(second)
  const whole = wire.length >= header
  const start = Math.min(header, wire.length)
  const shown = unmaskedPayload(wire)
  const isData = opcode < 8
  const compressed = isData && (first & 64) !== 0
  const close = opcode === OPCODE.close && whole ? readCloseBody(shown) : null
  return {
    fin: (first & 128) !== 0,
    rsv1: (first & 64) !== 0,
    rsv2: (first & 32) !== 0,
    rsv3: (first & 16) !== 0,
    opcode,
    opcodeName: opcodeName(opcode),
    masked,
    length7,
    lengthForm: length7 === 126 ? 16 : length7 === 127 ? 64 : 7,
    length: declaredLength(wire, length7),
    maskKey: masked && whole ? base(wire, header - 4, header, 'hex') : '',
    headerLength: header,
    closeCode: close && close.code !== NO_CODE ? close.code : null,
    closeReason: close && close.code !== NO_CODE ? close.reason : null,
    payloadMasked: base(wire, start, Math.min(wire.length, start + PREVIEW), 'base64'),
    payloadUnmasked: base(shown, 0, Math.min(shown.length, PREVIEW), 'base64'),
    compressed,
    inflatedLength: null,
    utf8ErrorAt: opcode === OPCODE.text && !compressed ? utf8ErrorAt(shown) : null,
    payloadStart: start,
  }
}

/** The payload of one frame as the application meant it; a copy, cut where the wire is cut. */
export function unmaskedPayload(wire: Uint8Array): Uint8Array {
  const second = wire[1] ?? 0
  const header = headerLength(second)
  if (wire.length <= header) return new Uint8Array(0)
  if ((second & 128) === 0) return wire.slice(header)
  const payload = new Uint8Array(wire.length - header)
  maskInto(wire, header, wire.length, readKey(wire, header - 4), payload, 0)
  return payload
}

/** Declared length as decimal text; empty digits of a cut header count as zero. */
function declaredLength(wire: Uint8Array, length7: number): string {
  if (length7 < 126) return String(length7)
  const bytes = new Uint8Array(8)
  if (length7 === 126) bytes.set(wire.subarray(2, 4), 6)
  else bytes.set(wire.subarray(2, 10))
  return ((BigInt(uint32(bytes, 0)) << 32n) | BigInt(uint32(bytes, 4))).toString()
}

const base = (bytes: Uint8Array, start: number, end: number, encoding: 'hex' | 'base64'): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString(encoding)
