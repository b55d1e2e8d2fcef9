/**
 * When the list sticks to its end. Pure: what happened in, how it stands out.
 * It sticks until the reader scrolls away; reaching the end arms it again; while a row is open nothing moves,
 * and closing the row lets it go on.
 */
export interface Follow {
  /** The reader wants the newest rows. */
  armed: boolean
  /** A row is open in the detail. */
  open: boolean
}

export type FollowEvent =
  /** The reader moved the list: wheel, keys, scroll bar. `atEnd`: the last row is now in sight. */
  | { type: 'moved'; up: boolean; atEnd: boolean }
  | { type: 'opened' }
  | { type: 'closed' }
  /** The Following chip. */
  | { type: 'toggled' }
  /** Another capture came on show. */
  | { type: 'reset'; live: boolean }

export const FOLLOWING: Follow = { armed: true, open: false }

export const sticks = (follow: Follow): boolean => follow.armed && !follow.open

export function nextFollow(follow: Follow, event: FollowEvent): Follow {
  switch (event.type) {
    case 'moved':
      // A wheel-up at the very end releases too: the reader pulls away before the first pixel moves.
      return { ...follow, armed: event.atEnd && !event.up }
    case 'opened':
      return { ...follow, open: true }
    case 'closed':
      return { ...follow, open: false }
    case 'toggled':
      return sticks(follow) ? { ...follow, armed: false } : { armed: true, open: false }
    case 'reset':
      return { armed: event.live, open: false }
  }
}
