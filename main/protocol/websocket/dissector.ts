/**
 * Follows the frames of one WebSocket in both directions (RFC 6455 5-8, RFC 7692) and writes their rows.
 * Passive: it tells what is wrong and goes on; answering is endpoint.ts. What a frame means is follower.ts; here is
 * the scan, which finds the frames in the chunks.
 *
 * The scan is the hot loop of a capture: a whole, unremarkable data frame inside one chunk costs no allocation and
 * one call of `sink.row`. All other frames go to the follower in pieces: header, payload as it comes, end.
 */
import { FLAG, FROM, KIND, type Limits } from '../../../preload/contract/index.ts'
import type { Dissector, RowSink, Sender } from '../row-sink.ts'
import { wordsOf } from './ascii.ts'
import { createConversation, endConversation } from './conversation.ts'
import type { WebSocketAgreement } from './extensions.ts'
import { createFollower, type Follower } from './follower.ts'
import { MAX_HEADER, headerLength } from './frame.ts'
import { checkText } from './text-check.ts'
import { COMPLETE } from './utf8.ts'

export type { WebSocketAgreement } from './extensions.ts'

/** FIN and text, FIN and binary: the first bytes of the frames that the fast path takes. */
const TEXT = 0x81
const BINARY = 0x82

/** One direction. */
interface Side {
  from: Sender
  follower: Follower
  /** The mask bit that this side must send (128 or 0). RFC 6455 5.1 */
  maskBit: number
  flags: number
  /** Stream position of the next byte. */
  position: number
  /** A header that the last chunk cut. */
  header: Uint8Array
  held: number
  ended: boolean
}

/**
 * From the first byte after the handshake heads, both directions; `offsets` are the stream positions where frames
 * begin. After both sides ended it writes one `close` row and nothing more.
 */
export function createWebSocketDissector(
  sink: RowSink,
  agreement: WebSocketAgreement,
  limits: Limits,
  offsets: readonly [client: number, server: number],
): Dissector {
  const conversation = createConversation()
  const longest = Math.min(limits.framePayload, limits.message)
  const side = (from: Sender, position: number): Side => {
    const maskBit = from === FROM.client ? 128 : 0
    return {
      from,
      follower: createFollower({ sink, from, agreement, limits, conversation }),
      maskBit,
      flags: FLAG.fin | (maskBit === 0 ? 0 : FLAG.masked),
      position,
      header: new Uint8Array(MAX_HEADER),
      held: 0,
      ended: false,
    }
  }
  const client = side(FROM.client, offsets[0])
  const server = side(FROM.server, offsets[1])

  const scan = (side: Side, bytes: Uint8Array, at: number): void => {
    const { follower, maskBit, from, flags } = side
    const { keys, progress } = follower
    const end = bytes.length
    const base = side.position
    const words = wordsOf(bytes)
    let i = 0

    if (progress.remaining > 0) i = follower.payload(bytes, words, 0, end, at)
    else if (side.held > 0) i = finishHeader(side, bytes, at)

    while (i < end) {
      if (progress.lost) break
      const first = bytes[i]!
      // The fast path: a whole message in one frame, rightly masked, none other under way.
      if ((first === TEXT || first === BINARY) && progress.plain && end - i > 8) {
        const second = bytes[i + 1]!
        let length = second & 127
        let start = i + 2
        if (length === 126) {
          length = (bytes[i + 2]! << 8) | bytes[i + 3]!
          start += 2
          if (length < 126) length = Infinity // not the shortest form: let the follower tell
        } else if (length === 127) {
          length = Infinity
        }
        let key = 0
        if (maskBit !== 0) {
          key = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
          start += 4
        }
        const stop = start + length
        if (
          stop <= end &&
          (second & 128) === maskBit &&
          (maskBit === 0 || (key !== 0 && key !== keys.last)) &&
          length <= longest &&
          (first === BINARY || checkText(COMPLETE, bytes, words, start, stop, key) === COMPLETE)
        ) {
          if (maskBit !== 0) {
            keys.last = key
            keys.same = 1
          }
          sink.row(at, from, KIND_FRAME, flags, first & 15, base + i, stop - i, length)
          i = stop
          continue
        }
      }

      const available = end - i
      const needed = available < 2 ? 2 : headerLength(bytes[i + 1]!)
      if (available < needed) {
        side.header.set(bytes.subarray(i), 0)
        side.held = available
        break
      }
      follower.begin(bytes, i, base + i, at)
      i = follower.payload(bytes, words, i + needed, end, at)
    }
    side.position = base + end
  }

  return {
    feed(from, bytes, at) {
      const side = from === FROM.client ? client : server
      if (!side.ended && bytes.length > 0) scan(side, bytes, at)
    },
    end(from, at) {
      const side = from === FROM.client ? client : server
      if (side.ended) return
      side.ended = true
      side.follower.end(side.header.subarray(0, side.held), side.position, at)
      conversation.firstEnd ??= from
      if (client.ended && server.ended) endConversation(conversation, sink, at)
    },
  }
}

const KIND_FRAME = KIND['ws-frame']

/** Takes what is missing of a cut header, and then what there is of its payload; returns how far it read. */
function finishHeader(side: Side, bytes: Uint8Array, at: number): number {
  const { header, follower } = side
  const held = side.held
  let i = 0
  if (side.held < 2) header[side.held++] = bytes[i++]!
  const needed = headerLength(header[1]!)
  while (side.held < needed && i < bytes.length) header[side.held++] = bytes[i++]!
  if (side.held < needed) return i
  side.held = 0
  follower.begin(header, 0, side.position - held, at)
  return follower.payload(bytes, null, i, bytes.length, at)
}
