/** Test support: the same bytes whole, byte by byte, and cut once at every point. */

export interface Cutting {
  name: string
  pieces: Uint8Array[]
}

/** Long inputs are cut at `most` points, spread evenly, besides the first and last sixteen. */
export function cuttings(bytes: Uint8Array, most = 200): Cutting[] {
  const ways: Cutting[] = [
    { name: 'whole', pieces: [bytes] },
    { name: 'byte by byte', pieces: Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)) },
  ]
  const step = Math.max(1, Math.floor(bytes.length / most))
  for (let i = 1; i < bytes.length; i++) {
    if (i > 16 && i < bytes.length - 16 && i % step !== 0) continue
    ways.push({ name: `cut at ${i}`, pieces: [bytes.subarray(0, i), bytes.subarray(i)] })
  }
  return ways
}
