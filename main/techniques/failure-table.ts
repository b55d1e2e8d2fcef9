/**
 * What known errors mean, as a table: first match wins. `{place}` is host:port, `{host}` the host, `{plain}` the
 * scheme without TLS. Texts only; failure.ts looks them up.
 */
import type { FindingId } from '../../preload/contract/index.ts'

export interface TroubleText {
  finding: FindingId
  message: string
  hint: string
}

interface TroubleRow extends TroubleText {
  /** `error.code`; a trailing * matches any rest. */
  codes?: readonly string[]
  /** Or words in `error.message`, for errors that have no code or one for several rules. */
  words?: string | RegExp
}

/** A sentence about a broken rule; `what` goes on behind a colon. */
export const broke = (
  finding: FindingId,
  what: string,
  hint = 'The row with the finding shows the bytes.',
): TroubleText => ({
  finding,
  message: `The server broke the protocol: ${what}`,
  hint,
})

const WEBSOCKET: readonly TroubleRow[] = [
  {
    words: 'Invalid Sec-WebSocket-Accept header',
    ...broke(
      'ws-accept-wrong',
      'Sec-WebSocket-Accept is not the value that the key asks for.',
      'A cache or a server that does not know WebSocket may have answered; compare the two values in the handshake.',
    ),
  },
  {
    words: 'Invalid Upgrade header',
    ...broke('ws-upgrade-missing', 'it switched protocols without saying "Upgrade: websocket".'),
  },
  {
    words: /subprotocol but none was requested|sent an invalid subprotocol/,
    ...broke(
      'ws-subprotocol-unasked',
      'it chose a subprotocol that was not offered.',
      'Offer the subprotocol it names.',
    ),
  },
  {
    words: /header but no extension was requested|extension that was not requested/,
    ...broke(
      'ws-extension-unasked',
      'it answered with an extension that was not offered.',
      'If it names permessage-deflate, switch compression on.',
    ),
  },
  {
    words: 'Invalid Sec-WebSocket-Extensions header',
    ...broke(
      'ws-extension-invalid',
      'its permessage-deflate parameters cannot be accepted.',
      'Switch compression off.',
    ),
  },
  { codes: ['WS_ERR_UNEXPECTED_RSV_1', 'WS_ERR_UNEXPECTED_RSV_2_3'], ...broke('ws-rsv', 'a reserved bit is set.') },
  {
    words: /invalid opcode 0$/,
    ...broke('ws-continuation-unexpected', 'a continuation frame came without a message to continue.'),
  },
  {
    words: /invalid opcode [12]$/,
    ...broke('ws-continuation-expected', 'a new message began before the fragmented one was finished.'),
  },
  {
    words: /invalid payload length 1$/,
    ...broke('ws-close-length', 'a close frame has half a code.'),
  },
  { codes: ['WS_ERR_INVALID_OPCODE'], ...broke('ws-opcode', 'the opcode is reserved.') },
  { codes: ['WS_ERR_EXPECTED_FIN'], ...broke('ws-control-fragmented', 'a control frame is fragmented.') },
  {
    codes: ['WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'],
    ...broke('ws-control-length', 'a control frame is longer than 125 bytes.'),
  },
  { codes: ['WS_ERR_UNEXPECTED_MASK'], ...broke('ws-masked-server', 'a server must not mask its frames.') },
  { codes: ['WS_ERR_INVALID_UTF8'], ...broke('ws-utf8', 'a text message or close reason is not valid UTF-8.') },
  { codes: ['WS_ERR_INVALID_CLOSE_CODE'], ...broke('ws-close-code', 'its close code must not be sent on the wire.') },
  {
    codes: [
      'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
      'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
      'WS_ERR_TOO_MANY_BUFFERED_PARTS',
    ],
    finding: 'ws-too-large',
    message: 'The server sent a frame or message that is larger than the limit.',
    hint: 'The connection was closed with 1009; what came of it is kept.',
  },
  {
    codes: ['Z_*', 'ERR_ZLIB*'],
    ...broke('ws-inflate', 'a compressed message cannot be inflated.', 'Switch compression off to read on.'),
  },
]

const NETWORK: readonly TroubleRow[] = [
  {
    codes: ['ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA'],
    finding: 'net-unknown-host',
    message: 'No address is known for the host name {host}.',
    hint: 'Check its spelling, and whether this machine is in the network (VPN) that knows it.',
  },
  {
    codes: ['EAI_*', 'ESERVFAIL', 'ETIMEOUT'],
    finding: 'net-unknown-host',
    message: 'The name server did not answer when asked for {host}.',
    hint: 'Check that this machine is online, or use an IP address.',
  },
  {
    codes: ['ECONNREFUSED'],
    finding: 'net-refused',
    message: 'Nothing listens on {place}: the connection was refused.',
    hint: 'Check the port, and that the server is running and bound to that address.',
  },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EINVAL', 'EACCES', 'EPERM'],
    finding: 'net-unreachable',
    message: '{place} cannot be reached from this machine.',
    hint: 'Check the address, the network and the firewall.',
  },
  {
    codes: ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
    finding: 'net-timeout',
    message: '{place} did not take the connection in time.',
    hint: 'A firewall may drop the packets, the host is down, or the port does not speak TLS: check scheme, address and port.',
  },
  {
    codes: ['UND_ERR_HEADERS_TIMEOUT'],
    words: 'Opening handshake has timed out',
    finding: 'net-timeout',
    message: '{place} took the connection and did not answer in time.',
    hint: 'The port may speak another protocol, or the server holds the request: try long polling.',
  },
  {
    codes: ['UND_ERR_BODY_TIMEOUT'],
    finding: 'net-timeout',
    message: '{place} stopped in the middle of its answer.',
    hint: 'If the answer is a stream, choose iframe streaming or Server-Sent Events.',
  },
  {
    codes: ['ANSWER_CUT', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HPE_INVALID_EOF_STATE'],
    words: 'aborted',
    finding: 'http-cut-body',
    message: '{place} closed the connection before its answer was complete.',
    hint: 'The server, or a proxy with a time limit, gave up in the middle.',
  },
  {
    codes: ['UND_ERR_SOCKET'],
    words: 'socket hang up',
    finding: 'net-closed',
    message: '{place} closed the connection without an answer.',
    hint: 'The port may speak another protocol (TLS?), or the server gave up.',
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'ECONNABORTED'],
    finding: 'net-reset',
    message: '{place} reset the connection.',
    hint: 'The server crashed, closed with unread data, or a firewall stepped in.',
  },
]

const TLS: readonly TroubleRow[] = [
  {
    codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'],
    finding: 'tls-failed',
    message: '{place} does not speak TLS: that port speaks plain HTTP or something else.',
    hint: 'Try {plain}:// instead.',
  },
  {
    codes: ['ERR_SSL_*', 'EPROTO', 'ERR_TLS_*'],
    words: 'before secure TLS connection was established',
    finding: 'tls-failed',
    message: 'The TLS handshake with {place} failed.',
    hint: 'Server and client may have no protocol version or cipher in common, or the server asks for a client certificate.',
  },
]

const HTTP: readonly TroubleRow[] = [
  {
    codes: ['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW'],
    finding: 'http-head-too-large',
    message: 'The head of the answer from {place} is larger than the limit.',
    hint: 'What came of it is kept; look for headers that repeat or grow.',
  },
  {
    codes: ['HPE_INVALID_CHUNK_SIZE', 'HPE_CHUNK_EXTENSIONS_OVERFLOW', 'HPE_STRICT'],
    words: ' chunk ', // undici's parser errors have no code
    finding: 'http-chunk-size',
    message: 'The answer from {place} is wrongly chunked.',
    hint: 'Its bytes are kept in the rows up to the mistake.',
  },
  {
    codes: ['TRAILER_FORBIDDEN'],
    finding: 'http-trailer-forbidden',
    message: 'The answer from {place} ends with a trailer field that may stand in its head only.',
    hint: 'Content-Length and Transfer-Encoding say where a body ends: behind it they come too late.',
  },
  {
    codes: ['TRAILER_BROKEN'],
    finding: 'http-header-line',
    message: 'A trailer field at the end of the answer from {place} is malformed.',
    hint: 'Its bytes are kept in the rows.',
  },
  {
    codes: ['HPE_UNEXPECTED_CONTENT_LENGTH'],
    words: "can't be present with",
    finding: 'http-length-and-chunked',
    message: 'The head of the answer from {place} has Content-Length and Transfer-Encoding.',
    hint: 'They can disagree about where the answer ends: the server, or a proxy before it, must send one of them.',
  },
  {
    codes: ['HPE_INVALID_HEADER_TOKEN', 'HPE_INVALID_CONTENT_LENGTH', 'HPE_INVALID_TRANSFER_ENCODING'],
    words: 'Invalid header',
    finding: 'http-header-line',
    message: 'The head of the answer from {place} is malformed.',
    hint: 'Its bytes are kept in the rows up to the mistake.',
  },
  {
    codes: ['HPE_*'],
    words: 'does not match the HTTP/1.1 protocol',
    finding: 'http-not-http',
    message: '{place} did not answer with HTTP/1.1.',
    hint: 'Its bytes are kept in the rows; the port may speak another protocol.',
  },
  {
    codes: ['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN', 'ERR_HTTP_INVALID_HEADER_VALUE'],
    finding: 'http-header-line',
    message: 'The request cannot be written: a header name, a value or the method has characters that HTTP forbids.',
    hint: 'Check the headers you added; Connection, Upgrade and Transfer-Encoding are set by the technique itself.',
  },
]

export const ERROR_TROUBLES: readonly TroubleRow[] = [...WEBSOCKET, ...TLS, ...NETWORK, ...HTTP]

/** The packaged application does not read the variable: its fuses keep what changes Node from outside away. */
const TRUST_MORE = 'Outside the packaged application NODE_EXTRA_CA_CERTS can name more trusted authorities.'

/** By `socket.authorizationError`. */
export const CERTIFICATE_TROUBLES: Readonly<Record<string, { message: string; hint: string }>> = {
  CERT_HAS_EXPIRED: {
    message: 'The certificate of {host} has expired.',
    hint: 'Renew it on the server; check the clock of this machine too.',
  },
  CERT_NOT_YET_VALID: {
    message: 'The certificate of {host} is not valid yet.',
    hint: 'Check the clock of this machine and of the server.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    message: 'The certificate of {host} is self-signed.',
    hint: `Accept any certificate (in the settings, or --insecure) to connect all the same. ${TRUST_MORE}`,
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    message: 'The certificate of {host} was issued by an authority that is not trusted.',
    hint: `Accept any certificate (in the settings, or --insecure) to connect all the same. ${TRUST_MORE}`,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    message: 'The issuer of the certificate of {host} is missing.',
    hint: 'The server should send its intermediate certificates too; browsers often fetch or remember them.',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    message: 'The issuer of the certificate of {host} is not known here.',
    hint: `The server should send its intermediate certificates. ${TRUST_MORE}`,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'The certificate is not for {host}: it was issued for {subject}.',
    hint: 'Use the name that the certificate was issued for.',
  },
  CERT_REVOKED: {
    message: 'The certificate of {host} was revoked.',
    hint: 'The server needs a new one.',
  },
}
