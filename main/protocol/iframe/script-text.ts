/**
 * The few things one must know of JavaScript's text to find where an expression ends: white space, comments, strings,
 * templates, regular expressions, brackets. No parser. https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
 */

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Behind white space and comments; `<!--` and `-->` are line comments in scripts of pages (ECMA-262 B.1.1). */
export function skipSpace(source: string, from: number): number {
  let at = from
  for (;;) {
    while (at < source.length && /\s/.test(source[at]!)) at++
    if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2)
      at = end < 0 ? source.length : end + 2
    } else if (source.startsWith('//', at) || source.startsWith('<!--', at) || isClosing(source, at)) {
      at = lineEnd(source, at)
    } else return at
  }
}

/** ECMA-262 B.1.1: `-->` is a comment where nothing but blanks comes before it in its line; else it is `--` and `>`. */
function isClosing(source: string, at: number): boolean {
  if (!source.startsWith('-->', at)) return false
  let from = at
  while (from > 0 && (source[from - 1] === ' ' || source[from - 1] === '\t')) from--
  return from === 0 || LINE_END.test(source[from - 1]!)
}

const LINE_END = /[\n\r\u2028\u2029]/

function lineEnd(source: string, from: number): number {
  let at = from
  while (at < source.length && !LINE_END.test(source[at]!)) at++
  return at
}

/**
 * Where the expression that begins at `from` ends: at the first of `stops` outside all brackets and strings, or at
 * a bracket that it did not open, or at the end.
 */
export function expressionEnd(source: string, from: number, stops: string): number {
  const open: string[] = []
  let at = from
  /** A value came last, so that `/` divides. */
  let afterValue = false
  while (at < source.length) {
    const next = skipSpace(source, at)
    if (next > at) {
      at = next
      continue
    }
    const char = source[at]!
    if (open.length === 0 && stops.includes(char)) return at
    if (char === '`' || (char === '}' && open.at(-1) === '`')) {
      if (char === '}') open.pop()
      const end = templateEnd(source, at + 1)
      if (source.startsWith('${', end)) open.push('`')
      at = source.startsWith('${', end) ? end + 2 : end + 1
      afterValue = true
    } else if (char === '"' || char === "'") {
      at = stringEnd(source, at)
      afterValue = true
    } else if (CLOSERS[char] !== undefined) {
      open.push(CLOSERS[char])
      at++
      afterValue = false
    } else if (char === ')' || char === ']' || char === '}') {
      if (open.pop() !== char) return at
      at++
      afterValue = true
    } else if (char === '/' && !afterValue) {
      at = regexpEnd(source, at)
      afterValue = true
    } else {
      afterValue = /[\w$\u0080-\uffff]/.test(char)
      at++
    }
  }
  return source.length
}

/** Behind the closing quote, or where the string breaks off. */
function stringEnd(source: string, from: number): number {
  const quote = source[from]
  let at = from + 1
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1
  return Math.min(at + 1, source.length)
}

/** At the closing backquote or at `${`. */
function templateEnd(source: string, from: number): number {
  let at = from
  while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) at += source[at] === '\\' ? 2 : 1
  return Math.min(at, source.length)
}

function regexpEnd(source: string, from: number): number {
  let at = from + 1
  let inClass = false
  while (at < source.length && source[at] !== '\n' && (inClass || source[at] !== '/')) {
    if (source[at] === '[') inClass = true
    else if (source[at] === ']') inClass = false
    at += source[at] === '\\' ? 2 : 1
  }
  return Math.min(at + 1, source.length)
}
