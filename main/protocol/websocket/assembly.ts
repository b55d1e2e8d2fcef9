/** Bytes that arrive in pieces and are wanted in one: a growing buffer. */

export interface Assembly {
  /** Valid up to `length`; replaced when it grows. */
  buffer: Buffer
  length: number
}

const EMPTY = Buffer.alloc(0)
const FIRST = 1024
/** A buffer larger than this is let go between messages, so that idle connections stay small. */
const KEPT = 64 * 1024

export const createAssembly = (): Assembly => ({ buffer: EMPTY, length: 0 })

/** Room for at least `more` bytes behind what is there; grows by doubling. */
export function reserve(assembly: Assembly, more: number): void {
  const needed = assembly.length + more
  if (needed <= assembly.buffer.length) return
  let size = Math.max(FIRST, assembly.buffer.length * 2)
  if (size < needed) size = needed
  const grown = Buffer.allocUnsafe(size)
  grown.set(assembly.buffer.subarray(0, assembly.length))
  assembly.buffer = grown
}

/** What is there; valid until the assembly changes. */
export const contents = (assembly: Assembly): Buffer => assembly.buffer.subarray(0, assembly.length)

export function clear(assembly: Assembly): void {
  assembly.length = 0
  if (assembly.buffer.length > KEPT) assembly.buffer = EMPTY
}

/** What is there, now the caller's own; the assembly begins anew. */
export function take(assembly: Assembly): Buffer {
  const taken = contents(assembly)
  assembly.buffer = EMPTY
  assembly.length = 0
  return taken
}
