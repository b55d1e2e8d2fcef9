/** Bytes carried from one piece to the next, never more than a limit. Knows nothing of what they mean. */

export interface Carry {
  /** What is kept is `buffer[0, length)`, until the next `add` or `clear`. A view would cost more than the copy. */
  readonly buffer: Uint8Array
  readonly length: number
  /** Bytes given since the last `clear`, kept or not. */
  readonly total: number
  /** Copies `source[from, to)` as far as the limit allows. */
  add(source: Uint8Array, from: number, to: number): void
  clear(): void
}

const SMALL = 256
/** A buffer larger than this is given back when cleared, so that one huge line does not cost memory for ever. */
const KEEP = 64 * 1024

export function createCarry(limit: number): Carry {
  const carry = { buffer: new Uint8Array(SMALL), length: 0, total: 0, add, clear }

  function add(source: Uint8Array, from: number, to: number): void {
    carry.total += to - from
    const { length } = carry
    const count = Math.min(to - from, limit - length)
    if (count <= 0) return
    if (length + count > carry.buffer.length) {
      const larger = new Uint8Array(Math.max(carry.buffer.length * 2, length + count))
      larger.set(carry.buffer.subarray(0, length))
      carry.buffer = larger
    }
    const { buffer } = carry
    if (count < 64) for (let i = 0; i < count; i++) buffer[length + i] = source[from + i]!
    else buffer.set(source.subarray(from, from + count), length)
    carry.length += count
  }

  function clear(): void {
    if (carry.buffer.length > KEEP) carry.buffer = new Uint8Array(SMALL)
    carry.length = 0
    carry.total = 0
  }

  return carry
}
