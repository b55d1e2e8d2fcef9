/**
 * The headers that fence the window in, the same for both hosts: the page may load its own files, talk to its own
 * bridge and to servers on this machine, and nothing else. Pure.
 * https://www.w3.org/TR/CSP3/
 */

/** Stands in index.html wherever a nonce belongs (Vite's `html.cspNonce` writes it); replaced for each page load. */
export const NONCE_PLACEHOLDER = '__PUSHSCOPE_NONCE__'

/** The nonce is for the one kind of `<style>` made at run time: the code editor's. */
export function contentSecurityPolicy(nonce: string): string {
  // The window is a client of the reference servers, which take any free port of 127.0.0.1.
  const local = 'http://127.0.0.1:* ws://127.0.0.1:*'
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${local}`,
    'frame-src http://127.0.0.1:*',
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** For every answer of a host, refusals included. */
export function securityHeaders(nonce: string): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
  }
}
