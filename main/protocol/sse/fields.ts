/**
 * The grammar of one line of an event stream, on bytes: which field it is and where its value begins.
 * Holds no state. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { decodeUtf8 } from './utf8.ts'

export const FIELD = Object.freeze({ unknown: 0, comment: 1, data: 2, event: 3, id: 4, retry: 5 })

export const LF = 10
export const CR = 13
export const SPACE = 32
export const COLON = 58

export const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)

const DATA = ascii('data')
const EVENT = ascii('event')
const ID = ascii('id')
const RETRY = ascii('retry')

/** The field of the line `bytes[from, to)`, which is not empty. Names are compared literally, without case folding. */
export function fieldOf(bytes: Uint8Array, from: number, to: number): number {
  switch (bytes[from]) {
    case COLON:
      return FIELD.comment
    case DATA[0]:
      return isNamed(bytes, from, to, DATA) ? FIELD.data : FIELD.unknown
    case EVENT[0]:
      return isNamed(bytes, from, to, EVENT) ? FIELD.event : FIELD.unknown
    case ID[0]:
      return isNamed(bytes, from, to, ID) ? FIELD.id : FIELD.unknown
    case RETRY[0]:
      return isNamed(bytes, from, to, RETRY) ? FIELD.retry : FIELD.unknown
    default:
      return FIELD.unknown
  }
}

const isNamed = (bytes: Uint8Array, from: number, to: number, name: Uint8Array): boolean =>
  startsWith(bytes, from, to, name) && (from + name.length === to || bytes[from + name.length] === COLON)

/** Where the name of the line's field ends: at its first colon, or at the end of the line. */
export function nameEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === COLON) return i
  return to
}

/** Where the value begins, given where the name ends: behind the colon and at most one space. */
export function valueStart(bytes: Uint8Array, afterName: number, to: number): number {
  if (afterName >= to) return to
  const start = afterName + 1
  return start < to && bytes[start] === SPACE ? start + 1 : start
}

export function startsWith(bytes: Uint8Array, from: number, to: number, prefix: Uint8Array): boolean {
  if (to - from < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return false
  return true
}

/** HTML 9.2.6: a retry value counts only if it consists of ASCII digits, and of at least one. */
export function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (byte < 48 || byte > 57) return false
  }
  return to > from
}

/** A name or value, shortened, for a finding's particulars. */
export function quote(bytes: Uint8Array, from: number, to: number): string {
  const text = decodeUtf8(bytes.subarray(from, Math.min(to, from + 40)))
  return JSON.stringify(to - from > 40 ? `${text}…` : text)
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
