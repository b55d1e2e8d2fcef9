/** What can be wrong with HTTP/1.1 heads and bodies. */
import { own, rfc } from './severity.ts'

export const HTTP_FINDINGS = {
  'http-not-http': rfc('fault', 9112, '2.1', 'The bytes are not an HTTP/1.1 message.'),
  'http-request-line': rfc('fault', 9112, '3', 'The request line is malformed.'),
  'http-status-line': rfc('fault', 9112, '4', 'The status line is malformed.'),
  'http-header-line': rfc('fault', 9112, '5', 'A header line is malformed.'),
  'http-header-space': rfc('fault', 9112, '5.1', 'White space between a header name and its colon.'),
  'http-obs-fold': rfc('fault', 9112, '5.2', 'A header value is folded over lines.'),
  'http-bare-lf': rfc('warning', 9112, '2.2', 'A head line ends with LF alone instead of CRLF.'),
  'http-bare-cr': rfc('fault', 9112, '2.2', 'A bare CR stands inside a head line.'),
  'http-head-too-large': own('fault', 'The head is larger than the limit.'),
  'http-too-many-headers': own('fault', 'The head has more header lines than the limit.'),
  'http-host-missing': rfc('fault', 9112, '3.2', 'An HTTP/1.1 request must carry exactly one Host header.'),
  'http-length-conflict': rfc('fault', 9112, '6.3', 'Content-Length is invalid or given with different values.'),
  'http-length-and-chunked': rfc('fault', 9112, '6.1', 'Content-Length and Transfer-Encoding stand in the same head.'),
  'http-transfer-coding': rfc(
    'fault',
    9112,
    '6.1',
    'The transfer coding is not understood, or chunked is not the last one.',
  ),
  'http-chunk-size': rfc('fault', 9112, '7.1', 'A chunk size line is malformed.'),
  'http-chunk-end': rfc('fault', 9112, '7.1', 'A chunk is not followed by CRLF.'),
  'http-cut-head': rfc('fault', 9112, '8', 'The connection ended in the middle of a head.'),
  'http-cut-body': rfc('fault', 9112, '8', 'The connection ended before the body was complete.'),
  'http-content-coding': rfc('fault', 9110, '8.4', 'The content coding is unknown or the coded bytes are corrupt.'),
  'http-inflate-limit': own('fault', 'The body inflates to more than the limit.'),
  'http-answer-unasked': own('warning', 'An answer came that no request asked for.'),
  'http-extra-bytes': own('warning', 'Bytes came after the end of the last message.'),
  'http-lost': own('warning', 'The message boundaries are lost; the rest of this direction is kept as bytes only.'),
  'http-no-answer': own('warning', 'The connection ended before the request was answered.'),
} as const
