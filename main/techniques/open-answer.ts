/**
 * An answer whose head has come and whose body is still on its way. A probe takes it over from the guess, so that
 * the request which told the technique is also the first one of the session.
 */
import type { AnswerHead, Transport } from './transport.ts'

export interface OpenAnswer {
  transport: Transport
  head: AnswerHead
  /** Given at once, in the same turn as the head: no byte is missed. */
  listen(data: (chunk: Buffer) => void): void
  /** As `Transport.ask`. */
  done: Promise<AnswerHead>
  abort(): void
}
