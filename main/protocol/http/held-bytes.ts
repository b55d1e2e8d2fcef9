/** Bytes that wait until it is known what they are: those behind an upgrade request that is not yet answered. */

export interface HeldBytes {
  readonly length: number
  /** Copies them; false when that would be more than the limit. */
  add(bytes: Uint8Array): boolean
  /** All of them, piece by piece as they came; none are held afterwards. */
  take(): Uint8Array[]
}

export function createHeldBytes(limit: number): HeldBytes {
  let pieces: Uint8Array[] = []
  let length = 0

  return {
    get length() {
      return length
    },
    add(bytes) {
      if (length + bytes.length > limit) return false
      pieces.push(Uint8Array.from(bytes)) // a Buffer's slice is no copy
      length += bytes.length
      return true
    },
    take() {
      const taken = pieces
      pieces = []
      length = 0
      return taken
    },
  }
}
