/**
 * The bytes that are being looked at, copied to one place, and where among them lines could end. One fixed place
 * because the engine then knows its address and size: that is worth more than the copy costs, and four bytes are
 * looked at in one go, which takes a quarter of the time of a plain loop. Knows nothing of fields or events.
 *
 * Shared by all dissectors: what is in it holds until the next `loadWindow`, so within one `feed`.
 */

/** Bytes looked at in one go. */
export const WINDOW = 32 * 1024

/** The bytes, and behind them at least one space, so that looking one byte further finds no line end. */
const bytes = new Uint8Array(WINDOW + 16)
export const windowBytes = bytes
export const windowView = new DataView(bytes.buffer)
const words = new Int32Array(bytes.buffer)

/** Places of every byte below 14 (LF, CR, and a few controls to be passed over), as many as `loadWindow` said. */
const ends = new Int32Array(WINDOW)
export const lineEnds = ends

/** Copies `source` (at most WINDOW). Gives the number of line ends, or -1 less that number when not all is ASCII. */
export function loadWindow(source: Uint8Array): number {
  const padded = (source.length + 16) & ~15
  bytes.set(source)
  for (let i = source.length; i < padded; i++) bytes[i] = 0x20
  const last = padded >> 2
  let count = 0
  let seen = 0
  for (let k = 0; k < last; k += 4) {
    const a = words[k]!
    const b = words[k + 1]!
    const c = words[k + 2]!
    const d = words[k + 3]!
    seen |= a | b | c | d
    // Sets the high bit of each byte below 14. A borrow may set the one above such a byte too; whoever reads the
    // list looks at the byte again, so that costs but a look.
    const ea = (a - 0x0e0e0e0e) & ~a & 0x80808080
    const eb = (b - 0x0e0e0e0e) & ~b & 0x80808080
    const ec = (c - 0x0e0e0e0e) & ~c & 0x80808080
    const ed = (d - 0x0e0e0e0e) & ~d & 0x80808080
    if ((ea | eb | ec | ed) === 0) continue
    const at = k << 2
    if (ea !== 0) count = mark(ea, at, count)
    if (eb !== 0) count = mark(eb, at + 4, count)
    if (ec !== 0) count = mark(ec, at + 8, count)
    if (ed !== 0) count = mark(ed, at + 12, count)
  }
  return (seen & 0x80808080) === 0 ? count : -1 - count
}

function mark(bits: number, at: number, count: number): number {
  let left = bits
  let marked = count
  while (left !== 0) {
    ends[marked++] = at + ((31 - Math.clz32(left & -left)) >> 3)
    left &= left - 1
  }
  return marked
}
