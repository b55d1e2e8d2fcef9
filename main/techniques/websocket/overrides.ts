/** What a request target says to the WebSocket servers: the one path, and what a client sets for itself in the query. Pure. */

/** null: as the controls say. */
export interface Overrides {
  clock: boolean | null
  echo: boolean | null
  compression: boolean | null
  /** ms. */
  interval: number | null
}

/** `/`, with or without a query; the absolute form names the same (RFC 9112 3.2.2). */
export const isRoot = (target: string): boolean => /^(?:https?:\/\/[^/?#]*)?\/(?:\?|$)/i.test(target)

/** From a request target: `/?clock=0&echo=1&interval=20&compression=0`. */
export function readOverrides(target: string): Overrides {
  const at = target.indexOf('?')
  const query = new URLSearchParams(at < 0 ? '' : target.slice(at))
  const interval = Number(query.get('interval'))
  return {
    clock: flag(query.get('clock')),
    echo: flag(query.get('echo')),
    compression: flag(query.get('compression')),
    interval: interval >= 1 && interval <= 60_000 ? interval : null,
  }
}

const flag = (value: string | null): boolean | null =>
  value === '0' || value === 'false' ? false : value === '1' || value === 'true' ? true : null
