/** WebSocket opcodes (RFC 6455 5.2, 11.8) and the words used for them. */

export const OPCODE = Object.freeze({ continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 })

export const OPCODES: Readonly<Record<number, { name: string; meaning: string }>> = {
  0: { name: 'continuation', meaning: 'The next fragment of the message that the last text or binary frame began.' },
  1: { name: 'text', meaning: 'A message, or its first fragment, of UTF-8 text.' },
  2: { name: 'binary', meaning: 'A message, or its first fragment, of arbitrary bytes.' },
  8: { name: 'close', meaning: 'The side that sends it will send no more data; it may carry a code and a reason.' },
  9: { name: 'ping', meaning: 'A question whether the peer is there; it must answer with a pong of the same payload.' },
  10: { name: 'pong', meaning: 'The answer to a ping, or a heartbeat that nobody asked for.' },
}

/** `text`, `ping`, … or `reserved 0x3`. */
export const opcodeName = (opcode: number): string => OPCODES[opcode]?.name ?? `reserved 0x${opcode.toString(16)}`
