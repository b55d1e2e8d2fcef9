/**
 * Who may come in: the rules of the browser host, as pure functions over a request's headers.
 *
 * Any page in the user's browser can send requests to 127.0.0.1. Three things keep it out: the Host must be ours
 * (a name rebound to 127.0.0.1 brings its own), the Origin of a bridge must be ours (a browser never lies about it),
 * and the bridge wants the token that only the opened URL carries.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The subprotocol of the bridge. The page offers `['pushscope', token]`; the server picks this one. */
export const SUBPROTOCOL = 'pushscope'

/** 32 random bytes, hex: a valid subprotocol token as it stands. */
export const createToken = (): string => randomBytes(32).toString('hex')

export const isOurHost = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`

/** A bridge comes from our own page: same scheme, host and port as it asks for. */
export const isOurOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  host !== undefined && origin === `http://${host}`

/** `protocols` is the value of Sec-WebSocket-Protocol. */
export function hasToken(protocols: string | undefined, token: string): boolean {
  const offered = (protocols ?? '').split(',').map((name) => name.trim())
  return offered.length === 2 && offered[0] === SUBPROTOCOL && sameText(offered[1]!, token)
}

/** Compares digests, so that neither the time nor the length of a guess tells anything. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
