/** What can be wrong with a connection or a session as a whole. */
import { own } from './severity.ts'

export const SESSION_FINDINGS = {
  'net-unknown-host': own('fault', 'The host name cannot be resolved.'),
  'net-refused': own('fault', 'Nothing listens on that port: the connection was refused.'),
  'net-unreachable': own('fault', 'The network or host cannot be reached.'),
  'net-timeout': own('fault', 'No answer came in time.'),
  'net-reset': own('fault', 'The peer reset the connection.'),
  'net-closed': own('fault', 'The peer closed the connection before it answered.'),
  'tls-certificate': own('fault', 'The certificate is not accepted.'),
  'tls-failed': own('fault', 'The TLS handshake failed.'),
  'http-refused': own('fault', 'The server refused with an error status.'),
  'http-redirects': own('fault', 'More redirects than the limit.'),
  'http-other-type': own('warning', 'The content type is not what this technique needs.'),
  'long-poll-not-held': own(
    'warning',
    'The endpoint answers at once without news instead of holding the request: this is polling in disguise.',
  ),
  'poll-cache': own('warning', 'The answer may be cached; polls may see old news.'),
  'capture-paused': own('warning', 'The disk could not keep up; the connection was paused and nothing was lost.'),
  'capture-full': own('warning', 'The capture reached its size limit; later bytes are counted and not stored.'),
} as const
