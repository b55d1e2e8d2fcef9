/** Who may ask a reference server: programs, and pages of this machine. Pure. */

/**
 * The status that a request with these Host headers is refused with; null when it is for this machine.
 * RFC 9112 3.2: a request without one, or with more, is bad.
 */
export function hostRefusal(hosts: readonly string[] | undefined): 400 | 403 | null {
  if (hosts?.length !== 1) return 400
  return isLocalHost(hosts[0]) ? null : 403
}

/** Loopback names only: another name in Host is a page elsewhere whose DNS points here. */
export const isLocalHost = (host: string | undefined): boolean =>
  host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host)

/**
 * The app's own window, a page on this machine, a sandboxed frame. No other page may read our answers: not by CORS, and
 * not by a WebSocket, which knows no CORS (RFC 6455 10.2).
 */
export const mayRead = (origin: string): boolean =>
  /^(?:app:\/\/pushscope|null|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)$/.test(origin)
