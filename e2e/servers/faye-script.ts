/** What the faye server says. Read by the server and by the specs that know its bytes. */
export const SCRIPT = {
  subprotocol: 'greeting.v1',
  text: 'Grüße, 世界',
  binary: [0, 1, 2, 127, 128, 255],
  ping: 'still there?',
  /** Sent once the ping is answered; long enough for the 16-bit length. */
  long: 'x'.repeat(126),
  goodbye: 'bye',
  close: { code: 4001, reason: 'as you wish' },
  /** ms */
  retry: 1_500,
  plain: 'Hello',
  named: { event: 'notification', id: '99', lines: ['first', 'second'] },
} as const
