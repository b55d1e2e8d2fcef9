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

/** True for a line that continues the one before (RFC 9112 5.2). */
export const isFolded = (line: string): boolean => isOws(line[0])

/** The two lines of an obs-fold as one value: the fold is read as a space. */
export const unfold = ([name, value]: Header, line: string): Header => [name, `${value} ${trimOws(line)}`.trimStart()]

/** Null when the line is no header at all; it is then left out and the finding quotes it. */
export function readHeaderLine(line: string, find: (finding: HeadFinding) => void): Header | null {
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
  if (CONTROL.test(value))
    find({ id: 'http-header-line', note: `a control character in the value of ${name.slice(0, 60)}` })
  return [name, value]
}
