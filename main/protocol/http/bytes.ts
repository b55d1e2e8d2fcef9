/** Bytes that wait for the rest of their line or chunk, and bytes as text. */

/** One char per byte, so nothing is lost and lengths stay true; header fields are octets (RFC 9110 5.5). */
export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

export interface ByteBuffer {
  readonly length: number
  push(byte: number): void
  append(bytes: Uint8Array): void
  /** What was held and then `rest`, as one piece, valid until the next call; afterwards nothing is held. */
  take(rest?: Uint8Array): Uint8Array
}

/** Grows by doubling, so dribbled bytes cost their number, not its square. The caller bounds what it appends. */
export function createByteBuffer(): ByteBuffer {
  let store = new Uint8Array(0)
  let length = 0

  const reserve = (size: number): void => {
    if (size <= store.length) return
    const grown = new Uint8Array(Math.max(64, size, store.length * 2))
    grown.set(store.subarray(0, length))
    store = grown
  }

  return {
    get length() {
      return length
    },
    push(byte) {
      reserve(length + 1)
      store[length] = byte
      length += 1
    },
    append(bytes) {
      reserve(length + bytes.length)
      store.set(bytes, length)
      length += bytes.length
    },
    take(rest) {
      if (length === 0) return rest ?? store.subarray(0, 0)
      if (rest !== undefined) this.append(rest)
      const whole = store.subarray(0, length)
      length = 0
      return whole
    },
  }
}

/** The pieces as one; the piece itself when there is but one with bytes in it. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter((piece) => piece.length > 0)
  const [only] = filled
  if (only !== undefined && filled.length === 1) return only
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
