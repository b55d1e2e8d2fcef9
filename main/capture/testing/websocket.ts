/** Bytes of a WebSocket, for tests: written from the RFC, not with our own encoder. */
export const REQUEST = Buffer.from(
  'GET /clock HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
)
export const RESPONSE = Buffer.from(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
)

/** An unmasked frame with a payload of at most 65,535 bytes. */
export function serverFrame(first: number, payload: string | Uint8Array): Buffer {
  const body = Buffer.from(payload)
  const header = body.length < 126 ? [first, body.length] : [first, 126, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from(header), body])
}

/** RFC 6455 5.7: "Hello", masked. */
export const MASKED_HELLO = Buffer.from('818537fa213d7f9f4d5158', 'hex')
