/** The cursor of a long poll: which query parameter carries it, and what the last answer says comes next. Pure. */

/** Parameters that mean "news after this", likeliest first. */
const PARAMETERS = ['since', 'cursor', 'after', 'last', 'lastEventId', 'last_event_id', 'seq', 'offset', 'next', 'from']
/** Where an answer tells the next cursor, after the parameter's own name. */
const KEYS = ['seq', 'cursor', 'next', 'since', 'lastEventId', 'last_event_id', 'offset', 'id']
/** JSONP: one call around the JSON. */
const CALL = /^[\s;]*(?:\/\*.*?\*\/)?\s*[\w$.[\]"']+\s*\(([\s\S]*)\)\s*;?\s*$/

/** The parameter of `url` that carries a cursor, as it is spelled there; null when it has none. */
export function cursorParameter(url: URL): string | null {
  const names = [...url.searchParams.keys()]
  for (const known of PARAMETERS) {
    const name = names.find((candidate) => candidate.toLowerCase() === known.toLowerCase())
    if (name !== undefined) return name
  }
  return null
}

/** The cursor in a JSON or JSONP answer; null when it names none. */
export function nextCursor(body: string, parameter: string): string | null {
  const value = parse(body) ?? parse(CALL.exec(body)?.[1] ?? '')
  return find(value, [parameter, ...KEYS], 0)
}

/** In the object itself, else in the last element of its arrays: the newest of a batch. */
function find(value: unknown, keys: readonly string[], depth: number): string | null {
  if (typeof value !== 'object' || value === null || depth > 3) return null
  if (Array.isArray(value)) return find(value.at(-1), keys, depth + 1)
  const record = value as Record<string, unknown>
  for (const key of keys) {
    const found = Object.hasOwn(record, key) ? record[key] : undefined
    if (typeof found === 'number' || (typeof found === 'string' && found !== '')) return String(found)
  }
  for (const child of Object.values(record)) {
    const found = Array.isArray(child) ? find(child, keys, depth + 1) : null
    if (found !== null) return found
  }
  return null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
