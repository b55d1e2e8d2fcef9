/**
 * What the frames of one direction mean (RFC 6455 5-8): flags, rules, messages, and the rows for them.
 * It is given frames in pieces by the scan in dissector.ts; compression and text are message.ts.
 */
import { FINDINGS, FLAG, FROM, KIND, OPCODE, type FindingId, type Limits } from '../../../preload/contract/index.ts'
import type { RowSink, Sender } from '../row-sink.ts'
import { readCloseBody } from './close.ts'
import { answersPing, recordPing, type Conversation } from './conversation.ts'
import type { WebSocketAgreement } from './extensions.ts'
import { headerLength, isShortest, payloadLength } from './frame.ts'
import { maskInto, readKey, rotateKey } from './mask.ts'
import { createMessages } from './message.ts'

/** What the scan looks at before each frame. Data, not accessors: those are slow once there are two followers. */
export interface Progress {
  /** Payload bytes of the current frame that are still to come. */
  remaining: number
  /** No message is under way and no close was sent: a plain data frame means just itself. */
  plain: boolean
  /** The frame boundaries are lost. */
  lost: boolean
}

export interface Follower {
  readonly progress: Readonly<Progress>
  /** The last masking key, and how many frames in a row had it. */
  readonly keys: { last: number; same: number }
  /** A complete header at bytes[i..); `offset` is its place in the stream. */
  begin(bytes: Uint8Array, i: number, offset: number, at: number): void
  /** What there is of the current frame's payload in bytes[start..end); returns where the next frame begins. */
  payload(bytes: Uint8Array, words: Int32Array | null, start: number, end: number, at: number): number
  /** The side ended at stream position `position`, with the beginning of a header or none. */
  end(header: Uint8Array, position: number, at: number): void
}

export interface FollowerOptions {
  sink: RowSink
  from: Sender
  agreement: WebSocketAgreement
  limits: Limits
  conversation: Conversation
}

const CONTROL_LIMIT = 125
const SAME_KEYS = 4

export function createFollower({ sink, from, agreement, limits, conversation }: FollowerOptions): Follower {
  const mustMask = from === FROM.client
  const messages = createMessages({ sink, from, agreement, limits })
  const keys = { last: 0, same: 0 }
  const control = new Uint8Array(CONTROL_LIMIT)
  let controlLength = 0

  // The current frame.
  let offset = 0
  let header = 0
  let length = 0
  let opcode = 0
  let flags = 0
  /** Turned so that it fits the next payload byte. */
  let key = 0
  /** Whether its row was written already, because it will not be waited for. */
  let told = false
  let open = false
  const progress: Progress = { remaining: 0, plain: true, lost: false }
  let found: { id: FindingId; note: string | undefined }[] = []

  const find = (id: FindingId, note?: string): void => {
    found.push({ id, note })
  }

  const row = (at: number, wireLength: number, extra = 0): number => {
    const declared = Math.min(length, Number.MAX_SAFE_INTEGER)
    const seq = sink.row(at, from, KIND['ws-frame'], flags | extra, opcode, offset, wireLength, declared)
    for (const { id, note } of found) sink.finding(id, note)
    if (found.length > 0) found = []
    return seq
  }

  const checkMask = (masked: boolean): void => {
    if (masked !== mustMask) find(mustMask ? 'ws-unmasked-client' : 'ws-masked-server') // RFC 6455 5.1
    if (!masked) return
    // RFC 6455 5.3: told once for each run of equal keys
    const same = keys.same > 0 && key === keys.last
    keys.same = same ? keys.same + 1 : 1
    keys.last = key
    if (key === 0 && !same) find('ws-mask-key-zero')
    if (key !== 0 && keys.same === SAME_KEYS) find('ws-mask-key-repeated')
  }

  const checkHeader = (first: number, length7: number): void => {
    const rsv = (first >>> 4) & 7
    const isControl = opcode >= 8
    // RFC 6455 5.2; RFC 7692 6.1: only the first frame of a message says that it is compressed
    const allowed = agreement.deflate && (opcode === OPCODE.text || opcode === OPCODE.binary) ? 4 : 0
    if ((rsv & ~allowed) !== 0) {
      if (rsv === 4 && agreement.deflate && opcode === OPCODE.continuation) find('ws-rsv1-continuation')
      else find('ws-rsv', `RSV1-3 are ${rsv.toString(2).padStart(3, '0')}`)
    }
    if ((opcode > 2 && opcode < 8) || opcode > 10) find('ws-opcode', `got 0x${opcode.toString(16)}`)
    if (!isShortest(length7, length)) find('ws-length-form', `${length} in ${length7 === 126 ? 16 : 64} bits`)
    if (isControl && (flags & FLAG.fin) === 0) find('ws-control-fragmented') // RFC 6455 5.5
    if (isControl && length > CONTROL_LIMIT) find('ws-control-length', `got ${length}`) // RFC 6455 5.5
    if (conversation.closes[from]) find('ws-after-close') // RFC 6455 5.5.1
  }

  const finishControl = (): void => {
    const body = control.subarray(0, controlLength)
    if (opcode === OPCODE.ping) recordPing(conversation, from, latin1(body))
    else if (opcode === OPCODE.pong && !answersPing(conversation, from, latin1(body))) find('ws-pong-unasked')
    else if (opcode === OPCODE.close) {
      const { code, reason, finding, note } = readCloseBody(body)
      // A body that is too long was cut here, perhaps inside a character.
      if (finding && !(finding === 'ws-close-reason' && length > CONTROL_LIMIT)) find(finding, note || undefined)
      conversation.firstClose ??= { by: from, code, reason }
      if (!conversation.closes[from]) conversation.badCloses[from] = found.some(({ id }) => isFault(id))
      conversation.closes[from] = true
    }
  }

  const finish = (at: number): void => {
    open = false
    if (!told) tell(at)
    progress.plain = !messages.isActive() && !conversation.closes[from]
  }

  const tell = (at: number): void => {
    if (opcode >= 8) {
      finishControl()
      row(at, header + length)
    } else {
      messages.finishFrame(find)
      const seq = row(at, header + length)
      messages.afterRow(at, seq, offset, header + length)
    }
  }

  return {
    progress,
    keys,

    begin(bytes, i, at_, at) {
      const first = bytes[i]!
      const second = bytes[i + 1]!
      const masked = (second & 128) !== 0
      offset = at_
      header = headerLength(second)
      length = payloadLength(bytes, i)
      opcode = first & 15
      flags = firstFlags(first) | (masked ? FLAG.masked : 0)
      key = masked ? readKey(bytes, i + header - 4) : 0
      controlLength = 0
      told = false
      open = true

      checkMask(masked)
      checkHeader(first, second & 127)
      if (opcode < 8 && messages.beginFrame(opcode, flags, find)) flags |= FLAG.compressed

      if ((second & 127) === 127 && (bytes[i + 2]! & 128) !== 0) {
        // RFC 6455 5.2: no such length can be, so what follows cannot be told apart
        find('ws-length-msb')
        find('ws-lost')
        progress.lost = true
      } else if (length > limits.framePayload) {
        find('ws-too-large', `the frame declares ${length > Number.MAX_SAFE_INTEGER ? 'more than 2^53' : length} bytes`)
      } else if (length > limits.message && isWhole(opcode, flags)) {
        find('ws-too-large', `the message is larger than ${limits.message} bytes`)
      }
      progress.remaining = progress.lost ? 0 : length
      if (progress.lost || length > limits.framePayload) {
        // Told at once: nobody may live to see its end. Its payload is passed over.
        const seq = row(at, header, FLAG.truncated)
        told = true
        if (opcode < 8) {
          messages.skip()
          messages.afterRow(at, seq, offset, header)
        }
      }
    },

    payload(bytes, words, start, end, at) {
      if (progress.lost || !open) return start
      const { remaining } = progress
      const stop = remaining < end - start ? start + remaining : end
      if (!told && stop > start) {
        if (opcode < 8) messages.payload(bytes, words, start, stop, key, find)
        else if (controlLength < CONTROL_LIMIT) {
          const part = Math.min(stop - start, CONTROL_LIMIT - controlLength)
          maskInto(bytes, start, start + part, key, control, controlLength)
          controlLength += part
        }
        key = rotateKey(key, stop - start)
      }
      progress.remaining = remaining - (stop - start)
      if (progress.remaining === 0) finish(at)
      return stop
    },

    end(headerBytes, position, at) {
      messages.dispose()
      const { remaining, lost } = progress
      if (lost) return
      if (open && !told) {
        find('ws-cut-frame', `${length - remaining} of ${length} bytes of payload came`)
        row(at, header + length - remaining, FLAG.truncated)
      } else if (headerBytes.length > 0) {
        const first = headerBytes[0]!
        opcode = first & 15
        flags = firstFlags(first) | (headerBytes.length > 1 && (headerBytes[1]! & 128) !== 0 ? FLAG.masked : 0)
        offset = position - headerBytes.length
        length = 0
        find('ws-cut-frame', 'inside the header')
        row(at, headerBytes.length, FLAG.truncated)
      }
    },
  }
}

const firstFlags = (first: number): number =>
  ((first & 128) !== 0 ? FLAG.fin : 0) |
  ((first & 64) !== 0 ? FLAG.rsv1 : 0) |
  ((first & 32) !== 0 ? FLAG.rsv2 : 0) |
  ((first & 16) !== 0 ? FLAG.rsv3 : 0)

/** A frame that is a message, and whose length is the message's. */
const isWhole = (opcode: number, flags: number): boolean =>
  (opcode === OPCODE.text || opcode === OPCODE.binary) && (flags & (FLAG.fin | FLAG.compressed)) === FLAG.fin

const isFault = (id: FindingId): boolean => FINDINGS[id].severity === 'fault'

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
