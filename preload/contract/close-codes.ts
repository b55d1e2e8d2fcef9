/** WebSocket close codes (RFC 6455 7.4.1 and the IANA registry). */

export interface CloseCode {
  name: string
  meaning: string
  /** May it stand in a close frame? 1004-1006 and 1015 never do: they are for reports only. */
  onWire: boolean
}

export const CLOSE_CODES: Readonly<Record<number, CloseCode>> = {
  1000: { name: 'normal closure', meaning: 'The purpose of the connection is fulfilled.', onWire: true },
  1001: { name: 'going away', meaning: 'The server is going down or the page is being left.', onWire: true },
  1002: { name: 'protocol error', meaning: 'The peer broke a rule of the protocol.', onWire: true },
  1003: { name: 'unsupported data', meaning: 'The peer sent a kind of data that cannot be accepted.', onWire: true },
  1004: { name: 'reserved', meaning: 'Reserved; its meaning was never defined.', onWire: false },
  1005: { name: 'no code', meaning: 'Reported when the close frame had no code.', onWire: false },
  1006: {
    name: 'abnormal closure',
    meaning: 'Reported when the connection ended without a close frame.',
    onWire: false,
  },
  1007: {
    name: 'invalid payload data',
    meaning: 'The data did not fit the message type, as with bad UTF-8.',
    onWire: true,
  },
  1008: { name: 'policy violation', meaning: 'The message broke a policy of the receiver.', onWire: true },
  1009: { name: 'message too big', meaning: 'The message is larger than the receiver takes.', onWire: true },
  1010: {
    name: 'mandatory extension',
    meaning: 'The client needs an extension that the server did not agree to.',
    onWire: true,
  },
  1011: { name: 'internal error', meaning: 'The server met a condition that it did not expect.', onWire: true },
  1012: { name: 'service restart', meaning: 'The server restarts; try again in a while.', onWire: true },
  1013: { name: 'try again later', meaning: 'The server is overloaded.', onWire: true },
  1014: { name: 'bad gateway', meaning: 'A gateway got an invalid answer from the server behind it.', onWire: true },
  1015: { name: 'TLS handshake', meaning: 'Reported when the TLS handshake failed.', onWire: false },
}

/** RFC 6455 7.4.2: registered codes, 3000-3999 (IANA, first come first served) and 4000-4999 (private use). */
export function mayStandInCloseFrame(code: number): boolean {
  return CLOSE_CODES[code]?.onWire ?? (code >= 3000 && code <= 4999)
}

export function closeCodeName(code: number): string {
  const known = CLOSE_CODES[code]
  if (known) return known.name
  if (code >= 3000 && code <= 3999) return 'registered'
  if (code >= 4000 && code <= 4999) return 'private use'
  return 'undefined'
}
