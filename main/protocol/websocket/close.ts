/** The body of a close frame (RFC 6455 5.5.1, 7.4), read and written. */
import { mayStandInCloseFrame, type FindingId } from '../../../preload/contract/index.ts'
import { isText } from './utf8.ts'

/** Reported, never sent: the close frame had no code. RFC 6455 7.4.1 */
export const NO_CODE = 1005
/** Reported, never sent: the connection ended without a close frame. */
export const ABNORMAL = 1006

export interface CloseBody {
  /** NO_CODE when the body is empty. */
  code: number
  /** Bad bytes are read as U+FFFD. */
  reason: string
  /** What is wrong with it; null when nothing is. */
  finding: FindingId | null
  note: string
}

/** `body` is the whole payload, unmasked. */
export function readCloseBody(body: Uint8Array): CloseBody {
  if (body.length === 0) return { code: NO_CODE, reason: '', finding: null, note: '' }
  // RFC 6455 5.5.1: a body begins with a two-byte code
  if (body.length === 1) return { code: NO_CODE, reason: '', finding: 'ws-close-length', note: 'got 1 byte' }
  const code = (body[0]! << 8) | body[1]!
  const text = body.subarray(2)
  const reason = Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8')
  if (!mayStandInCloseFrame(code)) return { code, reason, finding: 'ws-close-code', note: `got ${code}` }
  if (!isText(text)) return { code, reason, finding: 'ws-close-reason', note: '' }
  return { code, reason, finding: null, note: '' }
}

/** `code` null writes an empty body. A reason is cut to what fits, between characters. */
export function writeCloseBody(code: number | null, reason: string): Buffer {
  if (code === null) return Buffer.alloc(0)
  const text = Buffer.from(reason, 'utf8')
  let length = Math.min(text.length, 123) // RFC 6455 5.5: 125 bytes, two of them the code
  while (length < text.length && (text[length]! & 0xc0) === 0x80) length--
  const body = Buffer.allocUnsafe(2 + length)
  body.writeUInt16BE(code, 0)
  text.copy(body, 2, 0, length)
  return body
}
