/**
 * What a script of an iframe stream calls, and with what: the three dialects by which a stream talks to its page, and
 * the one call of a JSONP answer. Reads source text; nothing is run.
 */
import type { DetailsByKind } from '../../../preload/contract/index.ts'
import { literalAsJson } from './literal.ts'
import { expressionEnd, skipSpace } from './script-text.ts'

export type ScriptCall = DetailsByKind['script-call']

/** Properties that write what a page shows, when set; only documents have them. */
const WRITTEN = new Set(['innerHTML', 'outerHTML', 'textContent', 'innerText'])
/** Methods that do. */
const WRITING = new Set(['insertAdjacentHTML', 'insertAdjacentText', 'insertAdjacentElement'])
/** Others have these too, so the path must lead through a document: `list.append` may be anything. */
const WRITTEN_IN_DOCUMENT = new Set([...WRITTEN, 'nodeValue', 'data', 'value', 'title'])
const WRITING_IN_DOCUMENT = new Set([
  ...WRITING,
  ...['append', 'prepend', 'before', 'after', 'replaceWith', 'replaceChildren', 'appendChild', 'insertBefore'],
  ...['write', 'writeln'],
])
/** Their first argument says where, the second what. */
const PLACED = /^insertAdjacent/
const SELF = new Set(['window', 'self', 'globalThis', 'frames', 'this'])
const OUTER = new Set(['parent', 'top'])

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy
/** Statements that stand before the one that matters. */
const BEFORE = /;|(['"])use strict\1|try\s*\{|void(?![\w$])/y

/** A script of an iframe stream. Only its first call or assignment counts, and only in one of the three dialects. */
export function readScript(source: string): ScriptCall {
  const found = readChain(source, skipStart(source))
  const dialect = found === null ? 'unknown' : dialectOf(found)
  if (found === null || dialect === 'unknown') return { dialect: 'unknown', call: '', argument: '' }
  return callOf(found, dialect)
}

/** A JSONP body; null when it is not one call and nothing more. */
export function readJsonp(source: string): ScriptCall | null {
  let at = skipStart(source)
  const guard = /typeof\s+[\w$.]+\s*===?\s*(['"])function\1\s*&&\s*/y
  guard.lastIndex = at
  at += guard.exec(source)?.[0].length ?? 0
  const found = readChain(source, at)
  if (found === null || found.operator !== null) return null
  const rest = source.slice(found.end).replace(/^\s*;/, '')
  return skipSpace(rest, 0) === rest.length ? callOf(found, 'jsonp') : null
}

interface Chain {
  /** Names of the path, `null` for what is computed: `window.parent.tick` or `document.getElementById().textContent`. */
  path: (string | null)[]
  call: string
  argument: string
  /** Of an assignment; null for a call. */
  operator: '=' | '+=' | null
  /** Index behind it. */
  end: number
}

function callOf({ call, argument, operator }: Chain, dialect: ScriptCall['dialect']): ScriptCall {
  const value = argument === '' ? undefined : literalAsJson(argument)
  return { dialect, call, ...(operator ? { operator } : {}), argument, ...(value === undefined ? {} : { value }) }
}

function dialectOf({ path, operator }: Chain): ScriptCall['dialect'] {
  const last = path.at(-1) ?? ''
  const inDocument = path.slice(0, -1).includes('document')
  if (operator !== null) return (inDocument ? WRITTEN_IN_DOCUMENT : WRITTEN).has(last) ? 'write' : 'unknown'
  if ((inDocument ? WRITING_IN_DOCUMENT : WRITING).has(last)) return 'write'
  // That of a worker or a port is not a window's.
  if (last === 'postMessage') return isWindow(path.slice(0, -1)) ? 'postmessage' : 'unknown'
  const outer = path.findIndex((name) => !SELF.has(name ?? ''))
  return OUTER.has(path[outer] ?? '') && outer < path.length - 1 ? 'parent' : 'unknown'
}

/** Windows by their names, frames by what is computed, or by the name that `frames` knows them under. */
const isWindow = (path: readonly (string | null)[]): boolean =>
  path.every((name, i) => name === null || SELF.has(name) || OUTER.has(name) || path[i - 1] === 'frames')

function skipStart(source: string): number {
  let at = skipSpace(source, source.startsWith('\ufeff') ? 1 : 0)
  for (;;) {
    BEFORE.lastIndex = at
    const [text] = BEFORE.exec(source) ?? []
    if (text === undefined) return at
    at = skipSpace(source, at + text.length)
  }
}

/** Members and calls one after the other, up to the last call, or to an assignment. */
function readChain(source: string, start: number): Chain | null {
  const path: (string | null)[] = []
  let at = nameAt(source, start, path)
  if (at < 0) return null
  for (;;) {
    at = skipSpace(source, at)
    if (source.startsWith('?.', at)) {
      at = skipSpace(source, at + 2)
      if (source[at] !== '(' && source[at] !== '[') at = nameAt(source, at, path)
    } else if (source[at] === '.') at = nameAt(source, skipSpace(source, at + 1), path)
    if (at < 0) return null
    at = skipSpace(source, at)
    const char = source[at]
    if (char === '[') {
      const end = expressionEnd(source, at + 1, ']')
      path.push(literalName(source.slice(at + 1, end)))
      at = end + 1
    } else if (char === '(') {
      const end = expressionEnd(source, at + 1, ')')
      const after = skipSpace(source, end + 1)
      if (/[.[(]/.test(source[after] ?? '') || source.startsWith('?.', after) || isAssignment(source, after)) {
        path.push(null)
        at = end + 1
        continue
      }
      let from = at + 1
      if (PLACED.test(path.at(-1) ?? '')) from = Math.min(expressionEnd(source, from, ',)') + 1, end)
      const argument = source.slice(from, expressionEnd(source, from, ',)')).trim()
      const call = source.slice(start, at).trim()
      return { path, call, argument, operator: null, end: Math.min(end + 1, source.length) }
    } else if (isAssignment(source, at)) {
      const from = source.indexOf('=', at) + 1
      const end = expressionEnd(source, from, ';')
      const call = source.slice(start, at).trim()
      const operator = source[at] === '+' ? '+=' : '='
      return { path, call, argument: source.slice(from, end).trim(), operator, end }
    } else if (char !== '.' && char !== '?') return null
    else if (char === '?' && !source.startsWith('?.', at)) return null
  }
}

/** Adds the name at `from` to the path and gives the index behind it, or -1. */
function nameAt(source: string, from: number, path: (string | null)[]): number {
  NAME.lastIndex = from
  const [name] = NAME.exec(source) ?? []
  if (name === undefined) return -1
  path.push(name)
  return from + name.length
}

const isAssignment = (source: string, at: number): boolean => /^\+?=(?![=>])/.test(source.slice(at, at + 3))

function literalName(source: string): string | null {
  const json = literalAsJson(source)
  const value: unknown = json === undefined ? null : JSON.parse(json)
  return typeof value === 'string' ? value : null
}
