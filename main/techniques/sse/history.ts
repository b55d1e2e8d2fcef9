/** The ticks that can be replayed: the newest so many of them, and never more than a few megabytes. Knows no sockets. */
import type { Tick } from '../clock.ts'

export interface History {
  /** `most` ticks are kept at most. */
  add(tick: Tick, most: number): void
  /** What came after that id, oldest first, and how many of them are no longer kept. */
  after(id: number): { ticks: Tick[]; lost: number }
}

const MOST_CHARACTERS = 32 * 1024 * 1024

export function createHistory(): History {
  let ticks: Tick[] = []
  /** Ticks before this index are forgotten; they are cut off when they are half of the list. */
  let first = 0
  let characters = 0
  let newest = 0

  return {
    add(tick, most) {
      newest = tick.seq
      ticks.push(tick)
      characters += tick.json.length
      while (first < ticks.length && (ticks.length - first > most || characters > MOST_CHARACTERS)) {
        characters -= ticks[first]!.json.length
        first++
      }
      if (first * 2 > ticks.length) {
        ticks = ticks.slice(first)
        first = 0
      }
    },
    after(id) {
      const kept = ticks.slice(first).filter((tick) => tick.seq > id)
      return { ticks: kept, lost: Math.max(0, newest - id - kept.length) }
    },
  }
}
