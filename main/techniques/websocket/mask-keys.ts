/** Masking keys that cannot be foreseen (RFC 6455 5.3, 10.3), taken from the system's generator in batches. */
import { randomFillSync } from 'node:crypto'

const BATCH = 1024

export function createMaskKeys(): () => number {
  const keys = new Int32Array(BATCH)
  let next = BATCH
  return () => {
    if (next === BATCH) {
      randomFillSync(keys)
      next = 0
    }
    return keys[next++]!
  }
}
