/**
 * Requests that wait for their answers, in order (RFC 9112 9.3.2): answers carry no mark of what they answer.
 * Bounded: a client may pipeline for ever.
 */
import type { Limits, RequestHead } from '../../../preload/contract/index.ts'

export interface Exchange {
  seq: number
  head: RequestHead
  /** Its first byte. */
  firstAt: number
  headBytes: number
  /** Its last byte; null until it came. */
  sentAt: number | null
  answered: boolean
}

export interface Exchanges {
  /** False when too many wait; it is then not kept. */
  asked(exchange: Exchange): boolean
  /** The request asked last, answered or not. */
  newest(): Exchange | null
  /** The request that is answered next. */
  oldest(): Exchange | null
  /** The same, which waits no longer. */
  answer(): Exchange | null
  waiting(): number
}

const MAX_WAITING = 4096
/** Their heads together, as a multiple of what one head may have. */
const MAX_HEADS = 64

export function createExchanges(limits: Pick<Limits, 'headBytes'>): Exchanges {
  let queue: Exchange[] = []
  /** Index of the oldest; the array is cut rarely, so that answering costs the same however many wait. */
  let first = 0
  let heads = 0
  let newest: Exchange | null = null

  const oldest = (): Exchange | null => queue[first] ?? null

  return {
    asked(exchange) {
      if (queue.length - first >= MAX_WAITING || heads + exchange.headBytes > limits.headBytes * MAX_HEADS) return false
      queue.push(exchange)
      heads += exchange.headBytes
      newest = exchange
      return true
    },
    newest: () => newest,
    oldest,
    answer() {
      const exchange = oldest()
      if (exchange === null) return null
      exchange.answered = true
      heads -= exchange.headBytes
      first += 1
      if (first === queue.length || first > 256) {
        queue = queue.slice(first)
        first = 0
      }
      return exchange
    },
    waiting: () => queue.length - first,
  }
}
