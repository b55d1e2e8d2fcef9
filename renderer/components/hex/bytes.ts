/** Bytes as text and back: base64 of the contract, hex as shown and copied, UTF-8. No protocol knowledge. */

/** The contract's base64 to bytes; wrong characters give no bytes rather than an exception. */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  let binary: string
  try {
    binary = atob(base64)
  } catch {
    return new Uint8Array(0)
  }
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** Bytes to base64, for the clipboard. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // 8,192 arguments at a time: `apply` with a whole payload overflows the stack.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(binary)
}

/** `37 fa 21 3d`. */
export function toHex(bytes: Uint8Array, separator = ' '): string {
  const parts: string[] = new Array<string>(bytes.length)
  for (let i = 0; i < bytes.length; i++) parts[i] = hexByte(bytes[i]!)
  return parts.join(separator)
}

export const hexByte = (byte: number): string => HEX[byte & 255]!

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** What stands for a byte in the text column of a hex view: itself when printable ASCII, else a dot. */
export const asciiByte = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export interface DecodedText {
  text: string
  /** False when some bytes are not UTF-8; they are shown as U+FFFD. */
  valid: boolean
}

/**
 * Bytes as UTF-8 text, a BOM kept. With `partial`, an unfinished character at the end is left out
 * instead of being called wrong, because the rest of it has not been fetched yet.
 */
export function decodeUtf8(bytes: Uint8Array, partial = false): DecodedText {
  const whole = partial ? bytes.subarray(0, bytes.length - unfinishedTail(bytes)) : bytes
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole), valid: true }
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole), valid: false }
  }
}

/** How many bytes at the end begin a character that is not complete: 0 to 3. */
export function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return back < length ? back : 0
    }
  }
  return 0
}
