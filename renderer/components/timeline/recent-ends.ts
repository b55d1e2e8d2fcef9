/**
 * Where the end of a growing list was lately. Rows that arrive while the reader scrolls push the end away; who reaches
 * where it was a moment ago has reached it. Positions are px of the whole list, times are ms of one clock.
 */
/** How long an end counts after another took its place, ms. */
export const MOMENT = 500
/** Scroll bars stop at whole pixels of the device. */
const SLACK = 1

export interface RecentEnds {
  /** The list was drawn with this end. */
  drawn(end: number, now: number): void
  /**
   * Whether a move came to an end that was drawn lately. A step, at most a viewport long, may go past it; a jump, as a
   * drag of the scroll bar makes one, must land on it: a fast list was of any length a moment ago.
   */
  reached(move: { from: number; to: number; viewport: number }, now: number): boolean
}

export function createRecentEnds(): RecentEnds {
  let ends: { end: number; until: number }[] = []
  return {
    drawn(end, now) {
      const last = ends.at(-1)
      if (last?.end === end) return
      if (last) last.until = now + MOMENT
      ends = ends.filter(({ until }) => until >= now)
      ends.push({ end, until: Infinity })
    },
    reached({ from, to, viewport }, now) {
      const first = to - from <= viewport ? from : to
      return ends.some(({ end, until }) => until >= now && end > 0 && end >= first - SLACK && end <= to + SLACK)
    },
  }
}
