/**
 * Reads a JavaScript literal as JSON text, and never runs it: strings in any quotes, numbers in any base, arrays,
 * objects with bare keys, trailing commas, comments. Anything that would have to be computed is no literal.
 * https://tc39.es/ecma262/#sec-primary-expression
 */
import { skipSpace } from './script-text.ts'

/** Deeper than data is; keeps hostile brackets off the stack. */
const DEEPEST = 200

const NUMBER = /[+-]?(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' }

interface Reader {
  readonly source: string
  at: number
}

/** JSON text of the whole source; undefined when it is no literal. */
export function literalAsJson(source: string): string | undefined {
  try {
    JSON.parse(source)
    return source.trim()
  } catch {
    // the looser grammar, then
  }
  const reader = { source, at: skipSpace(source, 0) }
  const json = readValue(reader, 0)
  return json !== undefined && skipSpace(source, reader.at) === source.length ? json : undefined
}

function readValue(reader: Reader, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined
  const char = reader.source[reader.at]
  if (char === '{') return readList(reader, depth, '}', readMember)
  if (char === '[') return readList(reader, depth, ']', readValue)
  if (char === '"' || char === "'" || char === '`') {
    const text = readString(reader)
    return text === undefined ? undefined : JSON.stringify(text)
  }
  const name = match(reader, NAME)
  if (name !== undefined) return name === 'true' || name === 'false' || name === 'null' ? name : undefined
  return readNumber(reader)
}

function readList(
  reader: Reader,
  depth: number,
  close: string,
  readItem: (reader: Reader, depth: number) => string | undefined,
): string | undefined {
  const open = reader.source[reader.at]
  const items: string[] = []
  reader.at++
  for (;;) {
    reader.at = skipSpace(reader.source, reader.at)
    if (reader.source[reader.at] === close) break
    const item = readItem(reader, depth + 1)
    if (item === undefined) return undefined
    items.push(item)
    reader.at = skipSpace(reader.source, reader.at)
    if (reader.source[reader.at] === ',') reader.at++
    else if (reader.source[reader.at] !== close) return undefined
  }
  reader.at++
  return `${open}${items.join(',')}${close}`
}

function readMember(reader: Reader, depth: number): string | undefined {
  const char = reader.source[reader.at]
  let key: string | undefined
  if (char === '"' || char === "'") key = readString(reader)
  else key = match(reader, NAME) ?? readNumber(reader)
  reader.at = skipSpace(reader.source, reader.at)
  if (key === undefined || reader.source[reader.at] !== ':') return undefined
  reader.at = skipSpace(reader.source, reader.at + 1)
  const value = readValue(reader, depth)
  return value === undefined ? undefined : `${JSON.stringify(key)}:${value}`
}

function readNumber(reader: Reader): string | undefined {
  const text = match(reader, NUMBER)
  if (text === undefined) return undefined
  const after = reader.source[reader.at]
  if (after !== undefined && /[\w$.]/.test(after)) return undefined // `1n`, `010`, `1.toFixed`
  if (/^-?(?:0|[1-9]\d*)$/.test(text)) return text // digits beyond 2^53 stay as they are
  const negative = text.startsWith('-')
  const number = Number(text.replace(/^[+-]/, ''))
  return Number.isFinite(number) ? JSON.stringify(negative ? -number : number) : undefined
}

function readString(reader: Reader): string | undefined {
  const { source } = reader
  const quote = source[reader.at]!
  const parts: string[] = []
  let from = ++reader.at
  for (;;) {
    const char = source[reader.at]
    if (char === undefined) return undefined
    if (char === quote) break
    if (char === '\\') {
      parts.push(written(source.slice(from, reader.at), quote))
      const escaped = readEscape(reader)
      if (escaped === undefined) return undefined
      parts.push(escaped)
      from = reader.at
    } else if (quote === '`' ? char === '$' && source[reader.at + 1] === '{' : char === '\n' || char === '\r') {
      return undefined
    } else reader.at++
  }
  parts.push(written(source.slice(from, reader.at), quote))
  reader.at++
  return parts.join('')
}

/** ECMA-262 12.9.6: every line end inside a template is a LF. */
const written = (text: string, quote: string): string => (quote === '`' ? text.replace(/\r\n?/g, '\n') : text)

function readEscape(reader: Reader): string | undefined {
  const { source } = reader
  const char = source[reader.at + 1]
  if (char === undefined) return undefined
  if (char === 'x' || char === 'u') {
    const [all, braced, four, two] = /^(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2}))/.exec(
      source.slice(reader.at + 1, reader.at + 10),
    ) ?? ['']
    const code = Number.parseInt(braced ?? four ?? two ?? '', 16)
    if (Number.isNaN(code) || code > 0x10ffff) return undefined
    reader.at += 1 + all.length
    return String.fromCodePoint(code)
  }
  if (char === '0' && !/\d/.test(source[reader.at + 2] ?? '')) {
    reader.at += 2
    return '\0'
  }
  if (/[0-9]/.test(char)) return undefined // octal escapes
  reader.at += char === '\r' && source[reader.at + 2] === '\n' ? 3 : 2
  if (/[\n\r\u2028\u2029]/.test(char)) return '' // the string goes on in the next line
  return SIMPLE[char] ?? char
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at
  const [text] = pattern.exec(reader.source) ?? []
  if (text !== undefined) reader.at += text.length
  return text
}
