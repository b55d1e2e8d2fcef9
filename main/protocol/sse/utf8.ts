/**
 * Where bytes stop being UTF-8, and how long they are once decoded. Plain loops: they run on the few lines that are
 * not ASCII, where a call into the runtime would cost more. https://encoding.spec.whatwg.org/#utf-8-decoder
 */

// A BOM inside the stream is text like any other; the one at the start was taken off before.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Index of the first byte of the first ill-formed sequence in `bytes[from, to)`, or -1. */
export function firstInvalid(bytes: Uint8Array, from: number, to: number): number {
  let i = from
  while (i < to) {
    const lead = bytes[i]!
    if (lead < 0x80) {
      i++
      continue
    }
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
    let more = 1
    let low = 0x80
    let high = 0xbf
    if (lead >= 0xc2 && lead <= 0xdf) more = 1
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2
      if (lead === 0xe0) low = 0xa0
      if (lead === 0xed) high = 0x9f
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3
      if (lead === 0xf0) low = 0x90
      if (lead === 0xf4) high = 0x8f
    } else return i
    for (let k = 1; k <= more; k++) {
      const byte = i + k < to ? bytes[i + k]! : 0
      if (byte < low || byte > high) return i
      low = 0x80
      high = 0xbf
    }
    i += more + 1
  }
  return -1
}

/** Bytes of the text after decoding, in which ill-formed sequences became U+FFFD (three bytes each). */
export function decodedLength(bytes: Uint8Array, from: number, to: number): number {
  return Buffer.byteLength(decodeUtf8(bytes.subarray(from, to)))
}
