/** What may be sent by hand over a WebSocket, for the library probe and the raw one. Pure. */
import { fail, mayStandInCloseFrame, ok, type Outgoing, type Result } from '../../../preload/contract/index.ts'

/** RFC 6455 5.5: a control frame carries at most 125 bytes; two of a close frame's are its code. */
const CONTROL = 125

export function checkOutgoing(message: Outgoing): Result<null> {
  if (message.type === 'ping' || message.type === 'pong') {
    const length = Buffer.byteLength(message.base64, 'base64')
    if (length > CONTROL) {
      return fail(
        'cannot-send',
        `A ${message.type} carries at most ${CONTROL} bytes, not ${length}.`,
        'Send a message instead.',
      )
    }
  }
  if (message.type !== 'close') return ok(null)
  if (message.code === null) {
    return message.reason === '' ? ok(null) : fail('cannot-send', 'A close reason needs a code before it.', 'Use 1000.')
  }
  if (!mayStandInCloseFrame(message.code)) {
    return fail(
      'cannot-send',
      `The close code ${message.code} must not be sent (RFC 6455 7.4).`,
      'Use 1000, 1001 or one of 3000 to 4999.',
    )
  }
  const length = Buffer.byteLength(message.reason)
  return length <= CONTROL - 2
    ? ok(null)
    : fail('cannot-send', `A close reason has at most ${CONTROL - 2} bytes of UTF-8, not ${length}.`)
}
