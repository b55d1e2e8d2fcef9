/**
 * One header line (RFC 9112 5), the same for heads and trailers.
 * https://www.rfc-editor.org/rfc/rfc9112#section-5
 */
import type { Header } from '../../../preload/contract/index.ts'
import type { HeadFinding } from './head.ts'
import { isToken } from './start-line.ts'
import { isOws, trimOws } from './tokens.ts'

/** RFC 9110 5.5: field values hold visible characters, space, tab and obs-text. */
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/

type Find = (finding: HeadFinding) => void

const checkValue = (name: string, value: string, find: Find): void => {
  if (!CONTROL.test(value)) return
  find({ id: 'http-header-line', note: `a control character in the value of ${name.slice(0, 60)}` })
}

/** True for a line that continues the one before (RFC 9112 5.2). */
export const isFolded = (line: string): boolean => isOws(line[0])

/** The two lines of an obs-fold as one value: the fold is read as a space. Costs the line, not the value so far. */
export const unfold = ([name, value]: Header, line: string, find: Find): Header => {
  const more = trimOws(line)
  checkValue(name, more, find)
  if (more === '') return [name, value]
  return [name, value === '' ? more : `${value} ${more}`]
}

/** Null when the line is no header at all; it is then left out and the finding quotes it. */
export function readHeaderLine(line: string, find: Find): Header | null {
  const colon = line.indexOf(':')
  if (colon <= 0) {
    find({ id: 'http-header-line', note: `no name and colon: ${line.slice(0, 60)}` })
    return null
  }
  const written = line.slice(0, colon)
  const name = trimOws(written)
  // RFC 9112 5.1: a server must answer 400, a proxy must remove the white space
  if (name !== written) find({ id: 'http-header-space', note: name.slice(0, 60) })
  if (!isToken(name)) find({ id: 'http-header-line', note: `no valid name: ${name.slice(0, 60)}` })
  const value = trimOws(line.slice(colon + 1))
  checkValue(name, value, find)
  return [name, value]
}
