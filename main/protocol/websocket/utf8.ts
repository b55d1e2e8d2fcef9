/**
 * UTF-8 checked as it streams (RFC 3629; RFC 6455 8.1): fails at the first byte that no valid text can have there,
 * wherever the pieces are cut. Judges bytes only, decodes nothing.
 *
 * The state is one small integer, so a dissector keeps it in a field: 0 between characters, REJECTED once wrong,
 * else which continuation bytes are due.
 */
// eslint-disable-next-line no-restricted-imports -- isUtf8 is a pure function; nothing else of node:buffer is used
import { isUtf8 } from 'node:buffer'

/** Between two characters: the text may end here. */
export const COMPLETE = 0
/** A wrong byte was met; it stays so. */
export const REJECTED = -1

// States: how many plain continuation bytes are due (1-3), or that the next one has a narrower range.
const AFTER_E0 = 4 // A0-BF: nothing overlong
const AFTER_ED = 5 // 80-9F: no surrogates
const AFTER_F0 = 6 // 90-BF: nothing overlong
const AFTER_F4 = 7 // 80-8F: nothing above U+10FFFF

/** The state after one more byte. RFC 3629 4 */
export function utf8Step(state: number, byte: number): number {
  switch (state) {
    case COMPLETE:
      if (byte < 0x80) return COMPLETE
      if (byte < 0xc2) return REJECTED
      if (byte < 0xe0) return 1
      if (byte === 0xe0) return AFTER_E0
      if (byte === 0xed) return AFTER_ED
      if (byte < 0xf0) return 2
      if (byte === 0xf0) return AFTER_F0
      if (byte < 0xf4) return 3
      return byte === 0xf4 ? AFTER_F4 : REJECTED
    case AFTER_E0:
      return byte >= 0xa0 && byte <= 0xbf ? 1 : REJECTED
    case AFTER_ED:
      return byte >= 0x80 && byte <= 0x9f ? 1 : REJECTED
    case AFTER_F0:
      return byte >= 0x90 && byte <= 0xbf ? 2 : REJECTED
    case AFTER_F4:
      return byte >= 0x80 && byte <= 0x8f ? 2 : REJECTED
    case REJECTED:
      return REJECTED
    default:
      return byte >= 0x80 && byte <= 0xbf ? state - 1 : REJECTED
  }
}

/** The state after bytes[start..end). */
export function utf8Feed(state: number, bytes: Uint8Array, start: number, end: number): number {
  let i = start
  // Finish a character that an earlier piece began.
  while (state > COMPLETE && i < end) state = utf8Step(state, bytes[i++]!)
  if (state !== COMPLETE || i === end) return state

  // A native check pays from some dozen bytes on; the last three bytes may hold a character that is not done.
  if (end - i >= 32) {
    const whole = characterStart(bytes, i, end)
    if (!isUtf8(bytes.subarray(i, whole))) return REJECTED
    i = whole
  }
  while (i < end && state !== REJECTED) state = utf8Step(state, bytes[i++]!)
  return state
}

/** Where the last, possibly unfinished character of bytes[start..end) begins; `end` when the last byte is ASCII. */
function characterStart(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start && i >= end - 4; i--) {
    const byte = bytes[i]!
    if (byte < 0x80) return i + 1
    if (byte >= 0xc0) return i
  }
  return end
}

/** Offset of the first byte that is wrong there; -1 when the bytes are valid, or valid as far as they go. */
export function utf8ErrorAt(bytes: Uint8Array, state: number = COMPLETE): number {
  if (state === COMPLETE && isUtf8(bytes)) return -1
  for (let i = 0; i < bytes.length; i++) {
    state = utf8Step(state, bytes[i]!)
    if (state === REJECTED) return i
  }
  return -1
}

/** Whether the bytes are whole, valid text. */
export const isText = (bytes: Uint8Array): boolean => isUtf8(bytes)
