/**
 * The messages of one direction (RFC 6455 5.4, 8.1; RFC 7692): order of fragments, inflating, text, and what is
 * shown of them. Fed by follower.ts with data frames; an unfragmented message that is not compressed is never held.
 */
import { FLAG, FROM, KIND, OPCODE, type FindingId, type Limits } from '../../../preload/contract/index.ts'
import type { RowSink, Sender } from '../row-sink.ts'
import { clear, contents, createAssembly, reserve } from './assembly.ts'
import { createInflater, type Inflater, type InflateStatus } from './deflate.ts'
import type { WebSocketAgreement } from './extensions.ts'
import { maskInto, rotateKey } from './mask.ts'
import { checkText, scratch } from './text-check.ts'
import { COMPLETE, REJECTED, utf8ErrorAt, utf8Feed } from './utf8.ts'

export type Find = (id: FindingId, note?: string) => void

export interface Messages {
  /** A fragmented message waits for its next frame. */
  isActive(): boolean
  /** A data frame begins (opcode below 8). Answers whether its payload is compressed. */
  beginFrame(opcode: number, flags: number, find: Find): boolean
  /** bytes[start..end) of its payload; `key` is turned to fit `start`. */
  payload(bytes: Uint8Array, words: Int32Array | null, start: number, end: number, key: number, find: Find): void
  /** Its payload is complete; before its row. */
  finishFrame(find: Find): void
  /** Its row was written: the content of it, or the row of the message that it ended. */
  afterRow(at: number, seq: number, offset: number, wireLength: number): void
  /** The payload of the current frame will not be given: the message cannot be read. */
  skip(): void
  dispose(): void
}

interface MessagesOptions {
  sink: RowSink
  from: Sender
  agreement: WebSocketAgreement
  limits: Limits
}

export function createMessages({ sink, from, agreement, limits }: MessagesOptions): Messages {
  const { deflate } = agreement
  const limit = Math.min(limits.message, limits.inflated)
  const assembly = createAssembly()
  let inflater: Inflater | null = null

  // The message.
  let active = false
  let opcode = 0
  let compressed = false
  let frames = 0
  let firstSeq = 0
  let firstOffset = 0
  let wireTotal = 0
  let payloadTotal = 0
  let checked = false
  let utf8: number = COMPLETE
  /** Its content is given up: too large, or not to be inflated. */
  let dropped = false
  let link: { messageSeq: number } | null = null

  // The frame.
  let fin = false
  let fragment = false
  /** The frame belongs to no message: its payload is passed over. */
  let stray = false
  /** Where its content begins in the assembly. */
  let frameStart = 0

  const createOwnInflater = (): Inflater => {
    const client = from === FROM.client
    const bits = client ? deflate!.clientMaxWindowBits : deflate!.serverMaxWindowBits
    const takeover = !(client ? deflate!.clientNoContextTakeover : deflate!.serverNoContextTakeover)
    return createInflater(bits, takeover, { inflated: limit, inflateRatio: limits.inflateRatio })
  }

  const drop = (): void => {
    dropped = true
    clear(assembly)
    // Half a message was inflated: the window is of no use any more.
    if (compressed) inflater?.abandon()
  }

  const judge = (status: InflateStatus, find: Find): void => {
    if (status === 'ok') return
    find(status === 'limit' ? 'ws-inflate-limit' : 'ws-inflate')
    drop()
  }

  /** The bytes that were just added to the assembly, from `known`. */
  const checkAdded = (known: number, find: Find): void => {
    if (!checked || utf8 === REJECTED || dropped) return
    const before = utf8
    utf8 = utf8Feed(utf8, assembly.buffer, known, assembly.length)
    if (utf8 === REJECTED) {
      find('ws-utf8', `at byte ${known + utf8ErrorAt(assembly.buffer.subarray(known, assembly.length), before)}`)
    }
  }

  const inflate = (bytes: Uint8Array, start: number, end: number, key: number, find: Find): void => {
    for (let i = start; i < end && !dropped; i += scratch.length) {
      const length = Math.min(scratch.length, end - i)
      if (key === 0) {
        judge(inflater!.feed(bytes, i, i + length, assembly), find)
      } else {
        maskInto(bytes, i, i + length, key, scratch, 0)
        judge(inflater!.feed(scratch, 0, length, assembly), find)
      }
    }
  }

  const append = (bytes: Uint8Array, start: number, end: number, key: number, find: Find): void => {
    const known = assembly.length
    if (known + end - start > limits.message) {
      find('ws-too-large', `the message is larger than ${limits.message} bytes`)
      return drop()
    }
    reserve(assembly, end - start)
    maskInto(bytes, start, end, key, assembly.buffer, known)
    assembly.length += end - start
    checkAdded(known, find)
  }

  const start = (code: number, flags: number, find: Find): void => {
    if (active) {
      find('ws-continuation-expected') // RFC 6455 5.4
      drop()
    }
    active = !fin
    fragment = !fin
    opcode = code
    frames = 0
    wireTotal = 0
    payloadTotal = 0
    utf8 = COMPLETE
    dropped = false
    link = null
    assembly.length = 0
    compressed = deflate !== null && (flags & FLAG.rsv1) !== 0
    // With a bit set that nobody agreed on, nothing is known of the payload.
    const unknown = (flags & (FLAG.rsv2 | FLAG.rsv3 | (deflate ? 0 : FLAG.rsv1))) !== 0
    checked = code === OPCODE.text && !unknown
    if (!compressed) return
    inflater ??= createOwnInflater()
    if (inflater.broken) {
      find('ws-inflate', 'an earlier message took the window with it')
      dropped = true
    }
  }

  return {
    isActive: () => active,

    beginFrame(code, flags, find) {
      fin = (flags & FLAG.fin) !== 0
      stray = code > OPCODE.binary
      if (stray) return false
      if (code !== OPCODE.continuation) {
        start(code, flags, find)
      } else if (!active) {
        find('ws-continuation-unexpected') // RFC 6455 5.4
        stray = true
        return false
      }
      frames++
      frameStart = assembly.length
      return compressed
    },

    payload(bytes, words, start, end, key, find) {
      if (stray) return
      const seen = payloadTotal
      payloadTotal += end - start
      if (dropped) return
      if (compressed) return inflate(bytes, start, end, key, find)
      if (fragment) return append(bytes, start, end, key, find)
      if (!checked || utf8 === REJECTED) return
      const before = utf8
      utf8 = checkText(utf8, bytes, words, start, end, key)
      if (utf8 === REJECTED) find('ws-utf8', `at byte ${seen + badByte(bytes, start, end, key, before)}`)
    },

    finishFrame(find) {
      if (stray) return
      if (compressed && !dropped) {
        if (fin) judge(inflater!.finish(assembly), find)
        // Not sooner: how much of a corrupt stream comes out depends on how the network cut it.
        checkAdded(frameStart, find)
      }
      if (fin && checked && !dropped && utf8 !== REJECTED && utf8 !== COMPLETE)
        find('ws-utf8', 'it ends inside a character')
    },

    afterRow(at, seq, offset, wireLength) {
      if (stray) return
      wireTotal += wireLength
      if (!fragment) {
        if (compressed && !dropped) sink.content(contents(assembly))
        clear(assembly)
        return
      }
      if (frames === 1) {
        firstSeq = seq
        firstOffset = offset
        link = { messageSeq: seq }
      } else if (link) {
        sink.details(link)
      }
      if (!fin) return
      active = false
      const flags = (compressed ? FLAG.compressed : 0) | (dropped ? FLAG.truncated : 0)
      const length = dropped ? payloadTotal : assembly.length
      sink.row(at, from, KIND['ws-message'], flags, opcode, firstOffset, wireTotal, length)
      sink.details({ frames, firstSeq, ...(compressed ? { compressedLength: payloadTotal } : {}) })
      if (!dropped) sink.content(contents(assembly))
      clear(assembly)
    },

    skip() {
      if (stray) return
      drop()
      if (fin) active = false
    },

    dispose() {
      inflater?.dispose()
      inflater = null
      clear(assembly)
    },
  }
}

/** Where the first wrong byte lies in bytes[start..end). Only on failure, so it may cost. */
function badByte(bytes: Uint8Array, start: number, end: number, key: number, state: number): number {
  const part = Buffer.alloc(Math.min(scratch.length, end - start))
  for (let i = start; i < end; i += part.length) {
    const length = Math.min(part.length, end - i)
    maskInto(bytes, i, i + length, rotateKey(key, i - start), part, 0)
    const at = utf8ErrorAt(part.subarray(0, length), state)
    if (at >= 0) return i - start + at
    state = utf8Feed(state, part, 0, length)
  }
  return 0
}
