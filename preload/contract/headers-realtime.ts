/** Headers that a realtime technique stands or falls with: routing, upgrade, WebSocket, bodies, polling, caching. */
import type { HeaderMeaning } from './headers.ts'

export const REALTIME_HEADERS: Readonly<Record<string, HeaderMeaning>> = {
  host: {
    meaning: 'The host and port that the client wants to reach; every HTTP/1.1 request carries exactly one.',
    spec: 'RFC 9110 7.2',
    requiredInRequest: ['websocket', 'sse', 'polling', 'long-polling', 'iframe-stream'],
  },

  // Upgrade and connection
  upgrade: {
    meaning:
      'The protocols the sender would like to switch this connection to; for a WebSocket it contains `websocket`.',
    spec: 'RFC 9110 7.8',
    requiredInRequest: ['websocket'],
    requiredInAnswer: ['websocket'],
  },
  connection: {
    meaning:
      'Options for this hop alone: `Upgrade` makes the Upgrade header count, `close` ends the connection after this message, `keep-alive` asks an HTTP/1.0 peer to leave it open.',
    spec: 'RFC 9110 7.6.1',
    requiredInRequest: ['websocket'],
    requiredInAnswer: ['websocket'],
  },
  'keep-alive': {
    meaning:
      'How long the sender leaves an idle connection open (`timeout`, seconds) and how many more requests it takes (`max`); a hint, no promise.',
    spec: 'RFC 2068 19.7.1.1',
  },
  'http2-settings': {
    meaning: 'The HTTP/2 settings of a client that asks to upgrade to `h2c`; obsolete.',
    spec: 'RFC 7540 3.2.1',
  },

  // WebSocket
  'sec-websocket-key': {
    meaning:
      'Sixteen random bytes in Base64; the server proves with Sec-WebSocket-Accept that it read them as a WebSocket handshake. No secret.',
    spec: 'RFC 6455 11.3.1',
    requiredInRequest: ['websocket'],
  },
  'sec-websocket-accept': {
    meaning:
      'Base64 of the SHA-1 of the key followed by 258EAFA5-E914-47DA-95CA-C5AB0DC85B11; any other value makes the client give up.',
    spec: 'RFC 6455 11.3.3',
    requiredInAnswer: ['websocket'],
  },
  'sec-websocket-version': {
    meaning: 'The version of the protocol: 13 in a request; in a 426 answer the versions the server would take.',
    spec: 'RFC 6455 11.3.5',
    requiredInRequest: ['websocket'],
  },
  'sec-websocket-protocol': {
    meaning:
      'Subprotocols: in the request those the client speaks, best first; in the answer the one of them that the server chose.',
    spec: 'RFC 6455 11.3.4',
  },
  'sec-websocket-extensions': {
    meaning:
      'Extensions offered (request) or accepted (answer), such as permessage-deflate with its windows and takeover parameters.',
    spec: 'RFC 6455 11.3.2',
  },
  'sec-websocket-key1': {
    meaning: 'One of two keys of the draft from before RFC 6455 (hixie-76), which no browser has used since 2011.',
    spec: 'draft-hixie-thewebsocketprotocol-76 1.3',
  },
  'sec-websocket-key2': {
    meaning: 'The other key of the draft from before RFC 6455 (hixie-76).',
    spec: 'draft-hixie-thewebsocketprotocol-76 1.3',
  },
  'sec-websocket-location': {
    meaning: 'The WebSocket URL in an answer of the draft from before RFC 6455 (hixie-76).',
    spec: 'draft-hixie-thewebsocketprotocol-76 1.3',
  },
  'sec-websocket-origin': {
    meaning: 'The Origin header as drafts before RFC 6455 named it.',
    spec: 'draft-ietf-hybi-thewebsocketprotocol-08 1.4',
  },

  // Server-Sent Events
  'last-event-id': {
    meaning: 'The id of the last event the client saw before it reconnected, so that the server can go on from there.',
    spec: 'HTML 9.2.4',
  },
  'x-accel-buffering': {
    meaning:
      '`no` tells nginx to pass the answer on as it comes instead of collecting it; streams need that behind it.',
    spec: 'nginx proxy_buffering',
  },

  // Bodies
  'content-type': {
    meaning:
      'What the body is, and for text in which charset; an EventSource insists on text/event-stream, an iframe on text/html.',
    spec: 'RFC 9110 8.3',
    requiredInAnswer: ['sse', 'iframe-stream'],
  },
  'content-length': {
    meaning:
      'How many bytes the body has as sent; an answer with it is complete in itself and cannot be an endless stream.',
    spec: 'RFC 9110 8.6',
  },
  'transfer-encoding': {
    meaning:
      'How the body is packed for this hop; `chunked` sends it in pieces, each with its size, so that its length need not be known.',
    spec: 'RFC 9112 6.1',
  },
  'content-encoding': {
    meaning:
      'How the body was compressed; a stream stays live only if the server flushes the compressor after every event.',
    spec: 'RFC 9110 8.4',
  },
  'content-language': { meaning: 'The natural languages the body is meant for.', spec: 'RFC 9110 8.5' },
  'content-location': { meaning: 'Another URL under which this very body can be had.', spec: 'RFC 9110 8.7' },
  'content-disposition': {
    meaning: 'Whether to show the body or to save it as a file, and under which name.',
    spec: 'RFC 6266 4',
  },
  'content-range': { meaning: 'Which bytes of the whole a partial answer (206) carries.', spec: 'RFC 9110 14.4' },
  'content-digest': { meaning: 'A hash of the bytes sent, for checking that they arrived whole.', spec: 'RFC 9530 2' },
  'content-md5': { meaning: 'An MD5 of the body; obsolete.', spec: 'RFC 1864' },
  trailer: { meaning: 'Which fields will come after the last chunk.', spec: 'RFC 9110 6.6.2' },
  te: {
    meaning: 'Which transfer codings besides chunked the sender takes; `trailers` says that it keeps trailer fields.',
    spec: 'RFC 9110 10.1.4',
  },
  expect: {
    meaning: '`100-continue`: the client waits for the answer 100 before it sends its body.',
    spec: 'RFC 9110 10.1.1',
  },
  range: { meaning: 'The bytes of the resource that are wanted.', spec: 'RFC 9110 14.2' },
  'accept-ranges': { meaning: 'Whether parts of the resource can be asked for.', spec: 'RFC 9110 14.3' },

  // Caching and conditions, which decide whether a poll sees news
  'cache-control': {
    meaning:
      'Who may store the answer and for how long; `no-store` or `no-cache` keep polls from being answered with old news.',
    spec: 'RFC 9111 5.2',
  },
  pragma: { meaning: '`no-cache` for HTTP/1.0 caches; Cache-Control replaced it.', spec: 'RFC 9111 5.4' },
  expires: {
    meaning: 'When the answer becomes stale; Cache-Control: max-age has precedence, and `0` means at once.',
    spec: 'RFC 9111 5.3',
  },
  age: {
    meaning: 'Seconds since the answer was made at the server; its presence says that it came out of a cache.',
    spec: 'RFC 9111 5.1',
  },
  etag: {
    meaning: 'A name for this version of the resource; sent back in If-None-Match it lets the server answer 304.',
    spec: 'RFC 9110 8.8.3',
  },
  'if-none-match': {
    meaning: 'The versions the client already has; when one of them is current, the answer is 304 without a body.',
    spec: 'RFC 9110 13.1.2',
  },
  'if-match': {
    meaning: 'Act only if the resource is still this version; else the answer is 412.',
    spec: 'RFC 9110 13.1.1',
  },
  'last-modified': { meaning: 'When the resource changed last, to the second.', spec: 'RFC 9110 8.8.2' },
  'if-modified-since': {
    meaning: 'Answer 304 unless the resource changed after this time; ignored beside If-None-Match.',
    spec: 'RFC 9110 13.1.3',
  },
  'if-unmodified-since': {
    meaning: 'Act only if the resource has not changed since; else the answer is 412.',
    spec: 'RFC 9110 13.1.4',
  },
  'if-range': {
    meaning: 'Send the range only if the resource is still this version, else all of it.',
    spec: 'RFC 9110 13.1.5',
  },
  vary: {
    meaning:
      'The request headers this answer depends on; a cache must not reuse it where they differ, and `*` forbids reuse.',
    spec: 'RFC 9110 12.5.5',
  },
  'retry-after': {
    meaning: 'How long to wait before asking again, in seconds or until a date; with 503, 429 and redirects.',
    spec: 'RFC 9110 10.2.3',
  },
  date: { meaning: 'When the server made the answer, by its own clock.', spec: 'RFC 9110 6.6.1' },
  prefer: {
    meaning: 'Wishes the server may ignore; `wait=N` asks for an answer within N seconds, as long polls like it.',
    spec: 'RFC 7240 2',
  },
}
