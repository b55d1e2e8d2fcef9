/**
 * Finds the parts of a JSON text without turning them into values, so that big numbers, duplicate keys and escapes
 * stay as written, and a document of megabytes costs only what is opened. `checkJson` first; the rest relies on it.
 * https://www.rfc-editor.org/rfc/rfc8259
 */

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'literal'

/** A value by its place in the text, end exclusive. */
export interface JsonNode {
  type: JsonType
  start: number
  end: number
}

export interface JsonChild extends JsonNode {
  /** Key as written, with its quotes; null in an array. */
  key: string | null
}

export interface JsonError {
  /** Index into the text. */
  at: number
  message: string
}

/** Deeper nesting is refused: nobody reads it, and a hostile text is mostly brackets. */
export const MAX_DEPTH = 1_000

const SPACE = /[ \t\n\r]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LITERAL = /true|false|null/y

/** Where the pattern's match at `at` ends, or -1. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

const skipSpace = (text: string, at: number): number => matchEnd(SPACE, text, at)

/** The root of a valid text, or what is wrong and where. One pass, no recursion. */
export function checkJson(text: string): JsonNode | JsonError {
  const open: ('{' | '[')[] = []
  const start = skipSpace(text, text.startsWith('\ufeff') ? 1 : 0)
  let at = start
  for (;;) {
    const opener = text[at]
    let complete = true
    if (opener === '{' || opener === '[') {
      if (open.length >= MAX_DEPTH) return { at, message: `nested deeper than ${MAX_DEPTH}` }
      const inside = skipSpace(text, at + 1)
      if (text[inside] === (opener === '{' ? '}' : ']')) at = inside + 1
      else {
        open.push(opener)
        complete = false
        at = inside
      }
    } else {
      const end = scalarEnd(text, at)
      if (end < 0) return { at, message: at >= text.length ? 'the text ends too early' : 'no JSON value' }
      at = end
    }
    // After a complete value: close what ends here, then go on behind the comma.
    while (complete) {
      const inside = open.at(-1)
      if (inside === undefined) {
        const end = at
        at = skipSpace(text, at)
        return at === text.length ? { type: typeAt(text, start), start, end } : { at, message: 'text after the value' }
      }
      at = skipSpace(text, at)
      if (text[at] === ',') {
        at = skipSpace(text, at + 1)
        complete = false
      } else if (text[at] === (inside === '{' ? '}' : ']')) {
        open.pop()
        at++
      } else {
        return {
          at,
          message: at >= text.length ? 'the text ends too early' : 'a comma or a closing bracket is missing',
        }
      }
    }
    if (open.at(-1) === '{') {
      const colon = keyEnd(text, at)
      if (colon < 0) return { at, message: at >= text.length ? 'the text ends too early' : 'no key and colon' }
      at = colon
    }
  }
}

/**
 * At most `limit` children of an object or array, from the child that begins at `from` (its first one by default).
 * `next` is where to go on, or -1 when these were the last.
 */
export function childrenOf(
  text: string,
  node: JsonNode,
  limit: number,
  from = -1,
): { children: JsonChild[]; next: number } {
  const children: JsonChild[] = []
  let at = from >= 0 ? from : skipSpace(text, node.start + 1)
  while (at < node.end - 1) {
    if (children.length === limit) return { children, next: at }
    let key: string | null = null
    if (node.type === 'object') {
      key = text.slice(at, matchEnd(STRING, text, at))
      at = keyEnd(text, at)
    }
    const end = valueEnd(text, at)
    children.push({ key, type: typeAt(text, at), start: at, end })
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return { children, next: -1 }
}

/** How many children an object or array has; counts no further than `limit`. */
export function countChildren(text: string, node: JsonNode, limit: number): number {
  let at = skipSpace(text, node.start + 1)
  let count = 0
  while (at < node.end - 1 && count < limit) {
    if (node.type === 'object') at = keyEnd(text, at)
    at = skipSpace(text, valueEnd(text, at))
    if (text[at] === ',') at = skipSpace(text, at + 1)
    count++
  }
  return count
}

function scalarEnd(text: string, at: number): number {
  const pattern = text[at] === '"' ? STRING : /[-\d]/.test(text[at] ?? '') ? NUMBER : LITERAL
  return matchEnd(pattern, text, at)
}

/** Behind the colon of the key at `at`, or -1. */
function keyEnd(text: string, at: number): number {
  const end = matchEnd(STRING, text, at)
  if (end < 0) return -1
  const colon = skipSpace(text, end)
  return text[colon] === ':' ? skipSpace(text, colon + 1) : -1
}

/** The end of the value at `at` in a checked text: brackets are counted, strings stepped over. */
function valueEnd(text: string, at: number): number {
  if (text[at] !== '{' && text[at] !== '[') return scalarEnd(text, at)
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const character = text[i]
    if (character === '"') i = matchEnd(STRING, text, i) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1
  }
  return text.length
}

function typeAt(text: string, at: number): JsonType {
  const character = text[at]
  if (character === '{') return 'object'
  if (character === '[') return 'array'
  if (character === '"') return 'string'
  return character === 't' || character === 'f' || character === 'n' ? 'literal' : 'number'
}
