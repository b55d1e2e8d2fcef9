/**
 * Turns what went wrong with a connection (errors of Node, undici, ws, TLS; refusals; redirects) into a sentence
 * that says what happened, a hint that says what to try, and a finding. Opens no sockets and decides nothing.
 */
import { STATUS_CODES } from 'node:http'
import { FINDINGS, type Failure, type FindingId } from '../../preload/contract/index.ts'
import type { LocalRow } from '../capture/recorder.ts'
import { CERTIFICATE_TROUBLES, ERROR_TROUBLES, broke, type TroubleText } from './failure-table.ts'

/** A failure with its diagnosis. */
export interface Trouble {
  failure: Failure
  finding: FindingId | null
  /** The code people search for: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `401`; empty when there is none. */
  code: string
}

/** Carries a trouble through code that rejects. */
export interface TroubleError extends Error {
  trouble: Trouble
}

export const troubleError = (trouble: Trouble): TroubleError =>
  Object.assign(new Error(trouble.failure.message), { trouble })

export const createTrouble = (finding: FindingId | null, message: string, hint = '', code = ''): Trouble => ({
  failure: { code: 'connection-failed', message, hint },
  finding,
  code,
})

/** What any error says about the connection to `url`. */
export function troubleOf(error: unknown, url: URL): Trouble {
  const chain = unfold(error)
  for (const link of chain) if ('trouble' in link) return (link as TroubleError).trouble
  const place = placeOf(url)
  if (chain.some(isTlsRecord)) {
    return createTrouble(
      'tls-failed',
      `${place} answered with TLS, not with plain HTTP.`,
      `Try ${url.protocol === 'ws:' ? 'wss' : 'https'}:// instead of ${url.protocol}//.`,
      codeOf(chain),
    )
  }
  for (const link of chain) {
    const text = textOf(link)
    if (text)
      return createTrouble(text.finding, fill(text.message, place, url), fill(text.hint, place, url), codeOf([link]))
  }
  const words = chain[0]?.message ?? String(error)
  return createTrouble(null, `The connection to ${place} failed: ${words}`, '', codeOf(chain))
}

/** A certificate that Node does not trust; `code` is `socket.authorizationError`. */
export function certificateTrouble(code: string, url: URL, subject: string): Trouble {
  const text = CERTIFICATE_TROUBLES[code]
  const why = text?.message ?? `The certificate of {host} is not accepted (${code}).`
  const hint = text?.hint ?? 'Accept any certificate (in the settings, or --insecure) to look all the same.'
  const filled = fill(why, placeOf(url), url).replace('{subject}', subject || 'nobody')
  return createTrouble('tls-certificate', filled, hint, code)
}

/** A rule of WebSocket that the server broke, or a limit that it went over, named by its finding. */
export function ruleTrouble(finding: FindingId, url: URL): Trouble {
  const row = ERROR_TROUBLES.find((known) => known.finding === (ALIKE[finding] ?? finding))
  const { message, hint } = row ?? broke(finding, uncapitalized(FINDINGS[finding].message))
  return createTrouble(finding, fill(message, placeOf(url), url), fill(hint, placeOf(url), url))
}

/** Said in the words of the other. */
const ALIKE: Partial<Record<FindingId, FindingId>> = { 'ws-inflate-limit': 'ws-too-large' }

/** `RSV1` and `Sec-WebSocket-Accept` stay as they are. */
const uncapitalized = (sentence: string): string =>
  sentence.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase())

/** What a refusal is called when the technique knows better than its status. */
export interface RefusalWords {
  finding?: FindingId | null
  hint?: string
}

/**
 * An answer whose status ends the session. `wanted`: `101 Switching Protocols`, `200 OK`. Only 4xx and 5xx are error
 * statuses; the others have no finding of their own unless it is given.
 */
export function refusal(
  status: number,
  reason: string,
  wanted: string,
  { finding = status >= 400 ? 'http-refused' : null, hint = hintFor(status) }: RefusalWords = {},
): Trouble {
  const words = reason || STATUS_CODES[status] || ''
  const said = [status, words].filter(Boolean).join(' ')
  return createTrouble(finding, `HTTP ${said} instead of ${wanted}`, hint, String(status))
}

/** The row that tells of it. */
export const errorRow = ({ failure, finding, code }: Trouble): LocalRow<'error'> => ({
  kind: 'error',
  details: { code: code || failure.code, message: failure.message, hint: failure.hint },
  findings: finding === null ? [] : [{ id: finding }],
})

/** Host and port as one reads them: `127.0.0.1:8000`, `example.org:443`. */
export function placeOf(url: URL): string {
  const port = url.port || (url.protocol === 'https:' || url.protocol === 'wss:' ? '443' : '80')
  return `${url.hostname}:${port}`
}

function hintFor(status: number): string {
  if (status === 401 || status === 407) return 'It asks for credentials: add an Authorization header.'
  if (status === 403) return 'It does not let this client in: look at Origin, Host, cookies and credentials.'
  if (status === 404 || status === 410) return 'Nothing is at that path: check path and query.'
  if (status === 405) return 'It does not take this method there.'
  if (status === 406) return 'It cannot answer in the type that was asked for: look at Accept.'
  if (status === 426) return 'It wants another protocol: look at its Upgrade and Sec-WebSocket-Version headers.'
  if (status === 429) return 'Too many requests: wait, and look for Retry-After.'
  if (status >= 500)
    return 'The server, or a gateway before it, failed: its log says more, and its answer is kept in the rows.'
  if (status >= 400) return 'It did not like the request: its answer is kept in the rows.'
  if (status === 304)
    return 'Nothing changed since what the request names: leave If-None-Match and If-Modified-Since out.'
  if (status >= 300) return 'It is elsewhere: connect to the address in its Location header, if there is one.'
  return 'It is an ordinary HTTP answer: another technique may fit this URL.'
}

/** The error, its causes and, for many addresses tried at once, each of their errors; outermost first, bounded. */
function unfold(error: unknown): Error[] {
  const found: Error[] = []
  const queue: unknown[] = [error]
  while (queue.length > 0 && found.length < 16) {
    const next = queue.shift()
    if (!(next instanceof Error) || found.includes(next)) continue
    found.push(next)
    if (next instanceof AggregateError) queue.push(...(next.errors as unknown[]))
    queue.push(next.cause)
  }
  return found
}

function codeOf(chain: Error[]): string {
  for (const link of chain) {
    const code = (link as NodeJS.ErrnoException).code
    if (typeof code === 'string' && code !== '') return code
  }
  return ''
}

function textOf(error: Error): TroubleText | null {
  const code = codeOf([error])
  const match = ERROR_TROUBLES.find(
    (row) =>
      (row.codes?.some((known) => (known.endsWith('*') ? code.startsWith(known.slice(0, -1)) : code === known)) ??
        false) ||
      (row.words !== undefined && error.message.search(row.words) >= 0),
  )
  return match ?? null
}

/** A parser that choked on the first bytes of a TLS alert or handshake record (RFC 8446 5.1). */
function isTlsRecord(error: Error): boolean {
  const { rawPacket, data } = error as { rawPacket?: unknown; data?: unknown }
  const bytes =
    rawPacket instanceof Uint8Array ? rawPacket : typeof data === 'string' ? Buffer.from(data, 'latin1') : null
  return bytes !== null && (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03
}

const fill = (text: string, place: string, url: URL): string =>
  text
    .replaceAll('{place}', place)
    .replaceAll('{host}', url.hostname)
    .replaceAll('{plain}', url.protocol === 'wss:' ? 'ws' : 'http')
