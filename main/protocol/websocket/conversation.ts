/** What the two directions of one WebSocket know of each other: pings that wait, who closed, how it ended. */
import { FROM, FROMS, KIND } from '../../../preload/contract/index.ts'
import type { RowSink, Sender } from '../row-sink.ts'
import { ABNORMAL } from './close.ts'

export interface Conversation {
  /** Payloads (latin1) of the pings that each side sent and that no pong answered yet, oldest first. */
  pings: readonly [client: string[], server: string[]]
  closes: [client: boolean, server: boolean]
  /** Whose close frame breaks a rule: its receiver fails the connection, so that it closes nothing. RFC 6455 7.1.7 */
  badCloses: [client: boolean, server: boolean]
  /** The first close frame. */
  firstClose: { by: Sender; code: number; reason: string } | null
  firstEnd: Sender | null
}

/** Pings that wait for a pong; older ones are forgotten. */
const PINGS = 256

export const createConversation = (): Conversation => ({
  pings: [[], []],
  closes: [false, false],
  badCloses: [false, false],
  firstClose: null,
  firstEnd: null,
})

export function recordPing(conversation: Conversation, from: Sender, payload: string): void {
  const pings = conversation.pings[from]
  pings.push(payload)
  if (pings.length > PINGS) pings.shift()
}

/** Whether a pong answers a ping; one may answer only the newest of several. RFC 6455 5.5.3 */
export function answersPing(conversation: Conversation, from: Sender, payload: string): boolean {
  const pings = conversation.pings[from === FROM.client ? FROM.server : FROM.client]
  const index = pings.indexOf(payload)
  if (index < 0) return false
  pings.splice(0, index + 1)
  return true
}

/** Writes the close row, once both sides ended. RFC 6455 7.1.4-7.1.6 */
export function endConversation(conversation: Conversation, sink: RowSink, at: number): void {
  const { closes, badCloses, firstClose, firstEnd } = conversation
  const by = firstClose?.by ?? firstEnd ?? FROM.server
  const other = FROMS[by === FROM.client ? FROM.server : FROM.client]!
  const code = firstClose?.code ?? ABNORMAL
  const bad = badCloses.indexOf(true)
  const clean = closes[0] && closes[1] && bad < 0 // RFC 6455 7.1.4: the closing handshake was completed
  sink.row(at, by, KIND['close'], 0, code, 0, 0, 0)
  sink.details({
    code,
    reason: firstClose?.reason ?? '',
    by: FROMS[by]!,
    clean,
    how: clean
      ? 'both sides sent a close frame'
      : bad >= 0
        ? `the close frame of the ${FROMS[bad]!} breaks the protocol`
        : firstClose
          ? `the ${other} did not answer the close frame`
          : 'the connection ended without a close frame',
  })
  if (!firstClose) sink.finding('ws-no-close')
}
