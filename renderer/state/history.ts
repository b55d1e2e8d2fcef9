/** Bytes a second of the last minutes, for the sparkline: computed from running totals, in buckets of one second. */
import { shallowReadonly, shallowRef } from 'vue'
import type { CaptureProgress } from '../../preload/contract/index.ts'

export const SECONDS = 120

export interface Bucket {
  /** Whole seconds since the capture started. */
  second: number
  client: number
  server: number
}

export interface History {
  /** Oldest first; seconds without traffic are there with zeros. At most SECONDS. */
  readonly buckets: Readonly<{ value: readonly Bucket[] }>
  add(progress: Pick<CaptureProgress, 'time' | 'bytes'>): void
  clear(): void
}

export function createHistory(): History {
  const buckets = shallowRef<readonly Bucket[]>([])
  let last: CaptureProgress['bytes'] | null = null

  return {
    buckets: shallowReadonly(buckets),
    add({ time, bytes }) {
      const second = Math.floor(time / 1_000_000)
      const client = bytes.client - (last?.client ?? bytes.client)
      const server = bytes.server - (last?.server ?? bytes.server)
      last = bytes
      const next = buckets.value.slice(-SECONDS)
      const end = next.at(-1)
      // Only the last SECONDS can be seen, however long the silence was.
      for (let s = Math.max((end?.second ?? second - 1) + 1, second - SECONDS); s <= second; s++) {
        next.push({ second: s, client: 0, server: 0 })
      }
      const now = next.at(-1)!
      next[next.length - 1] = { ...now, client: now.client + client, server: now.server + server }
      buckets.value = next.slice(-SECONDS)
    },
    clear() {
      last = null
      buckets.value = []
    },
  }
}
