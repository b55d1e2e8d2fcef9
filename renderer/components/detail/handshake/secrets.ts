/**
 * Which captured values are secrets, and how they look while hidden, so that a screenshot gives nothing away.
 * Hides on the screen only: captures and exports keep the true bytes.
 */
import type { Header } from '../../../../preload/contract/index.ts'

const ALWAYS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** Words of names that hold credentials: `x-api-key`, `X-Auth-Token`, `access_token`, `PHPSESSID`. */
const TOKEN_LIKE =
  /token|secret|passw|api[-_]?key|session|sessid|csrf|xsrf|credential|signature|(^|[-_])(auth|jwt|sid|sig|pwd)([-_]|$)/i

/** Names that match a word above and are no secret. */
const NEVER = new Set(['www-authenticate', 'proxy-authenticate', 'sec-websocket-key', 'sec-websocket-accept'])

const DOTS = '••••••••'

export function isSecretName(name: string): boolean {
  const lower = name.trim().toLowerCase()
  return ALWAYS.has(lower) || (!NEVER.has(lower) && TOKEN_LIKE.test(lower))
}

/** Do the raw bytes of this head show anything that is hidden elsewhere? */
export function headHasSecrets(headers: readonly Header[], target = ''): boolean {
  return maskTarget(target) !== target || headers.some(([name, value]) => maskHeader(name, value) !== value)
}

/** A header value with its secret parts as dots; names, schemes and attributes stay. Equal to the value if none. */
export function maskHeader(name: string, value: string): string {
  if (!isSecretName(name) || value === '') return value
  switch (name.trim().toLowerCase()) {
    case 'authorization':
    case 'proxy-authorization': {
      // RFC 9110 11.4: scheme, then credentials.
      const scheme = /^[\w-]+(?=\s+\S)/.exec(value)?.[0]
      return scheme ? `${scheme} ${DOTS}` : DOTS
    }
    case 'cookie':
      return value.split(';').map(maskPair).join(';')
    case 'set-cookie': {
      const [pair = '', ...attributes] = value.split(';')
      return [maskPair(pair), ...attributes].join(';')
    }
    default:
      return DOTS
  }
}

/** A request target or URL with the values of token-like query parameters as dots. */
export function maskTarget(target: string): string {
  return target.replace(/([?&#])([^=&#]+)=([^&#]*)/g, (whole, lead: string, name: string, value: string) =>
    value !== '' && isSecretName(decode(name)) ? `${lead}${name}=${DOTS}` : whole,
  )
}

function maskPair(pair: string): string {
  const at = pair.indexOf('=')
  return at < 0 ? (pair.trim() === '' ? pair : DOTS) : `${pair.slice(0, at + 1)}${DOTS}`
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
