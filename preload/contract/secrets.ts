/**
 * Which captured values are secrets, and how they look while hidden: on the screen, in sentences, in exports, in logs.
 * One table for all sides. Hides names and URLs only: payloads are what one looks at, and captures keep the true bytes.
 */
import type { Header } from './rows.ts'

/** Always of one length, so that it tells nothing of what it stands for. */
export const SECRET_MARK = '••••••••'

const ALWAYS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'key'])

/** Words of names that hold credentials: `x-api-key`, `X-Auth-Token`, `access_token`, `PHPSESSID`, `X-Amz-Signature`. */
const SECRET_LIKE =
  /token|secret|passw|passphrase|api[-_]?key|session|sessid|csrf|xsrf|credential|signature|[-_]key$|(access|private|account|license|subscription)[-_]?key|(^|[-_])(auth|jwt|sid|sig|pass|pwd)([-_]|$)/

/** Names that match a word above and are no secret. */
const NEVER = new Set([
  'www-authenticate',
  'proxy-authenticate',
  'access-control-allow-credentials',
  'sec-websocket-key', // a nonce: RFC 6455 1.3
  'sec-websocket-accept',
  'idempotency-key',
  'surrogate-key',
  'cache-key',
  'x-cache-key',
])

export function isSecretName(name: string): boolean {
  const lower = name.trim().toLowerCase()
  return ALWAYS.has(lower) || (!NEVER.has(lower) && SECRET_LIKE.test(lower))
}

/** Does this head hold anything that is hidden? */
export function headHasSecrets(headers: readonly Header[], target = ''): boolean {
  return maskTarget(target) !== target || headers.some(([name, value]) => maskHeader(name, value) !== value)
}

/** A header value with its secret parts hidden; names, schemes and attributes stay. Equal to the value if none. */
export function maskHeader(name: string, value: string): string {
  if (value === '') return value
  if (!isSecretName(name)) return maskText(value)
  switch (name.trim().toLowerCase()) {
    case 'authorization':
    case 'proxy-authorization': {
      // RFC 9110 11.4: scheme, then credentials.
      const scheme = /^[\w-]+(?=\s+\S)/.exec(value)?.[0]
      return scheme ? `${scheme} ${SECRET_MARK}` : SECRET_MARK
    }
    case 'cookie':
      return value.split(';').map(maskPair).join(';')
    case 'set-cookie': {
      const [pair = '', ...attributes] = value.split(';')
      return [maskPair(pair), ...attributes].join(';')
    }
    default:
      return SECRET_MARK
  }
}

/** Names and order stay as they came. */
export const maskHeaders = (headers: readonly Header[]): Header[] =>
  headers.map(([name, value]) => [name, maskHeader(name, value)])

/** A request target or URL: credentials before the host and the values of secret parameters hidden. */
export const maskTarget = (target: string): string => maskUrls(target, /[&#]/g)

/** The same for every URL within a sentence or a header value. */
export const maskText = (text: string): string => maskUrls(text, /[&#\s"'<>,]/g)

/** `;` separates too (`/;jsessionid=…`). Bounded, since names and values are whatever a peer sends. */
const PARAMETER = /[?&#;]([^=&#;?\s]{1,256})=/g
const USERINFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi
/** RFC 7519 3: three parts of Base64url, of which the first is a JSON object. */
const JWT = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g

function maskUrls(text: string, valueEnd: RegExp): string {
  const shorter = text.includes('eyJ') ? text.replace(JWT, SECRET_MARK) : text
  const plain = shorter.includes('@') ? shorter.replace(USERINFO, `$1${SECRET_MARK}@`) : shorter
  if (!plain.includes('=')) return plain
  const query = plain.indexOf('?')
  let masked = ''
  let from = 0
  PARAMETER.lastIndex = 0
  for (let found = PARAMETER.exec(plain); found; found = PARAMETER.exec(plain)) {
    if (!isSecretName(decode(found[1]!))) continue
    const start = PARAMETER.lastIndex
    valueEnd.lastIndex = start
    const stop = valueEnd.exec(plain)?.index ?? plain.length
    const end = query > start ? Math.min(stop, query) : stop // a parameter of the path ends where the query begins
    if (end > start) masked += plain.slice(from, start) + SECRET_MARK
    else masked += plain.slice(from, start)
    from = end
    PARAMETER.lastIndex = end
  }
  return masked + plain.slice(from)
}

function maskPair(pair: string): string {
  const at = pair.indexOf('=')
  return at < 0 ? (pair.trim() === '' ? pair : SECRET_MARK) : `${pair.slice(0, at + 1)}${SECRET_MARK}`
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
