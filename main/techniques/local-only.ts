/** Who may ask a reference server: programs, and pages of this machine. Pure. */

/** Loopback names only: another name in Host is a page elsewhere whose DNS points here. */
export const isLocalHost = (host: string | undefined): boolean =>
  host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host)

/**
 * The app's own window, a page on this machine, a sandboxed frame. No other page may read our answers: not by CORS, and
 * not by a WebSocket, which knows no CORS (RFC 6455 10.2).
 */
export const mayRead = (origin: string): boolean =>
  /^(?:app:\/\/pushscope|null|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)$/.test(origin)
