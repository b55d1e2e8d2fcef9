/** What a client of the library server sets for itself in the query. Pure. */

/** null: as the controls say. */
export interface Overrides {
  clock: boolean | null
  echo: boolean | null
  compression: boolean | null
  /** ms. */
  interval: number | null
}

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
