/**
 * Finds the bytes that could end a line, four at a time: a plain loop over bytes takes four times as long and would be
 * most of the dissector's work. Knows nothing of fields or events.
 */

/** Bytes looked at in one go. */
export const WINDOW = 32 * 1024

/** Places of every byte below 14 (LF, CR, and a few controls to be passed over), as many as `findLineEnds` said. */
export const lineEnds = new Int32Array(WINDOW + 1)

// A view costs as much as looking at a hundred bytes, and pieces often share a buffer.
let viewed: ArrayBufferLike | null = null
let view: Int32Array = new Int32Array(0)

/** The high bit of each byte of a word. */
const HIGH = 0x80808080 | 0

/**
 * Fills `lineEnds` from `bytes` (at most WINDOW of them) and gives their number, or -1 less that number when the bytes
 * are not all ASCII.
 */
export function findLineEnds(bytes: Uint8Array): number {
  const length = bytes.length
  let count = 0
  let seen = 0
  let i = 0
  const aligned = Math.min(length, -bytes.byteOffset & 3)
  for (; i < aligned; i++) {
    const byte = bytes[i]!
    seen |= byte
    if (byte < 14) lineEnds[count++] = i
  }
  if (length - i >= 32) {
    if (bytes.buffer !== viewed) {
      viewed = bytes.buffer
      view = new Int32Array(viewed, 0, viewed.byteLength >> 2)
    }
    const words = view
    const first = (bytes.byteOffset + i) >> 2
    const last = first + ((length - i) >> 2) - 4
    let k = first
    for (; k <= last; k += 4) {
      const a = words[k]!
      const b = words[k + 1]!
      const c = words[k + 2]!
      const d = words[k + 3]!
      seen |= a | b | c | d
      // Sets the high bit of each byte below 14. A borrow can set it falsely just above such a byte, for 14: see `mark`.
      const ea = (a - 0x0e0e0e0e) & ~a & HIGH
      const eb = (b - 0x0e0e0e0e) & ~b & HIGH
      const ec = (c - 0x0e0e0e0e) & ~c & HIGH
      const ed = (d - 0x0e0e0e0e) & ~d & HIGH
      if ((ea | eb | ec | ed) === 0) continue
      const at = i + ((k - first) << 2)
      if (ea !== 0) count = mark(ea, at, count)
      if (eb !== 0) count = mark(eb, at + 4, count)
      if (ec !== 0) count = mark(ec, at + 8, count)
      if (ed !== 0) count = mark(ed, at + 12, count)
    }
    i += (k - first) << 2
  }
  for (; i < length; i++) {
    const byte = bytes[i]!
    seen |= byte
    if (byte < 14) lineEnds[count++] = i
  }
  return (seen & HIGH) === 0 ? count : -1 - count
}

/** Whoever reads the list looks at the byte again, so a false mark costs nothing but a look. */
function mark(bits: number, at: number, count: number): number {
  let left = bits
  while (left !== 0) {
    lineEnds[count++] = at + ((31 - Math.clz32(left & -left)) >> 3)
    left &= left - 1
  }
  return count
}
