/** Bytes as people type them. Pure; base64 is in ../hex/bytes.ts. */

/** Reads `48 65 6c`, `48656c`, `0x48, 0x65` and line breaks; null when it is no even run of hex digits. */
export function parseHex(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replace(/0x/gi, '').replace(/[\s,:]+/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16))
}

export const fromText = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** Bytes of the text in UTF-8. */
export const byteLength = (text: string): number => fromText(text).length
