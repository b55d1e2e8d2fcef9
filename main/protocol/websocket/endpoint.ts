/**
 * One end of a WebSocket (RFC 6455 5-8, RFC 7692), strict, either role, after the opening handshake. Pure: bytes in,
 * actions out; sockets and timers belong to whoever uses it. Each rule that the peer breaks fails the connection at
 * the first byte that breaks it, with the close code that the RFC names. Telling without judging is dissector.ts.
 */
import { FINDINGS, OPCODE, type FindingId } from '../../../preload/contract/index.ts'
import { wordsOf } from './ascii.ts'
import { clear, createAssembly, reserve, take } from './assembly.ts'
import { readCloseBody, writeCloseBody } from './close.ts'
import { createInflater, type InflateStatus, type Inflater } from './deflate.ts'
import type { Endpoint, EndpointOptions, EndpointState } from './endpoint-types.ts'
import { MAX_HEADER, headerLength, isShortest, payloadLength } from './frame.ts'
import { maskInto, readKey, rotateKey } from './mask.ts'
import { frameViolation, leastLength } from './rules.ts'
import { createSender } from './sender.ts'
import { checkText, scratch } from './text-check.ts'
import { COMPLETE, REJECTED, isText, utf8Feed } from './utf8.ts'

export type { Endpoint, EndpointActions, EndpointOptions, EndpointState } from './endpoint-types.ts'

/** Close codes by what was wrong (RFC 6455 7.4.1); 1002 for the rest. */
const CODES: Partial<Record<FindingId, number>> = {
  'ws-utf8': 1007,
  'ws-close-reason': 1007,
  'ws-inflate': 1007,
  'ws-too-large': 1009,
  'ws-inflate-limit': 1009,
}

const CONTROL_LIMIT = 125
/** Memory is taken ahead only for frames up to here; larger ones must first bring their bytes. */
const TRUSTED = 256 * 1024

export function createEndpoint(options: EndpointOptions): Endpoint {
  const { role, agreement, limits, actions, autoPong = true, maskKey = () => 0 } = options
  const { deflate } = agreement
  const maskBit = role === 'server' ? 128 : 0
  const sender = createSender({ role, deflate, maskKey, write: actions.write })
  const header = new Uint8Array(MAX_HEADER)
  const control = Buffer.alloc(CONTROL_LIMIT)
  const assembly = createAssembly()
  let inflater: Inflater | null = null
  let state: EndpointState = 'open'
  let held = 0

  // The frame whose payload is being read.
  let open = false
  let opcode = 0
  let fin = false
  let remaining = 0
  let key = 0
  let controlLength = 0

  // The message it belongs to; 0 none.
  let message = 0
  let compressed = false
  let utf8: number = COMPLETE

  const fail = (id: FindingId): void => {
    if (state === 'closed') return
    const code = CODES[id] ?? 1002
    const why = FINDINGS[id].message
    if (state === 'open') sender.frame(OPCODE.close, writeCloseBody(code, why))
    state = 'closed'
    sender.release()
    actions.failed(code, id)
    actions.finish()
  }

  const violation = (first: number, second: number, length: number): FindingId | null => {
    const broken = frameViolation(first, second, length, {
      maskBit,
      deflate: deflate !== null,
      inMessage: message !== 0,
    })
    if (broken || (first & 8) !== 0) return broken
    // A compressed message is measured as it inflates.
    const inflates = (first & 0x40) !== 0 || (compressed && message !== 0)
    const whole = inflates ? 0 : assembly.length + length
    return length > limits.framePayload || whole > limits.message ? 'ws-too-large' : null // RFC 6455 10.4
  }

  const begin = (bytes: Uint8Array, i: number, size: number): boolean => {
    const first = bytes[i]!
    const second = bytes[i + 1]!
    opcode = first & 15
    fin = (first & 128) !== 0
    const length = size === 2 ? second & 127 : payloadLength(bytes, i)
    const broken = violation(first, second, length)
    if (broken) {
      fail(broken)
      return false
    }
    key = maskBit === 0 ? 0 : readKey(bytes, i + size - 4)
    remaining = length
    controlLength = 0
    open = true
    if (opcode < 8) {
      if (opcode !== OPCODE.continuation) {
        message = opcode
        compressed = (first & 0x40) !== 0
        utf8 = COMPLETE
      }
      if (!compressed && length <= TRUSTED) reserve(assembly, length)
    }
    return true
  }

  const added = (known: number): void => {
    if (message !== OPCODE.text) return
    utf8 = utf8Feed(utf8, assembly.buffer, known, assembly.length)
    if (utf8 === REJECTED) fail('ws-utf8') // RFC 6455 8.1
  }

  const inflated = (status: InflateStatus, known: number): void => {
    if (status === 'ok') added(known)
    else fail(status === 'limit' ? 'ws-inflate-limit' : 'ws-inflate') // RFC 7692 7.2.2
  }

  const inflate = (bytes: Uint8Array, start: number, end: number): void => {
    inflater ??= createInflater(
      role === 'server' ? deflate!.clientMaxWindowBits : deflate!.serverMaxWindowBits,
      !(role === 'server' ? deflate!.clientNoContextTakeover : deflate!.serverNoContextTakeover),
      { inflated: Math.min(limits.inflated, limits.message), inflateRatio: limits.inflateRatio },
    )
    for (let i = start; i < end && state !== 'closed'; i += scratch.length) {
      const length = Math.min(scratch.length, end - i)
      const known = assembly.length
      maskInto(bytes, i, i + length, key, scratch, 0)
      inflated(inflater.feed(scratch, 0, length, assembly), known)
    }
  }

  /** What there is of the frame's payload; returns where the next frame begins. */
  const payload = (bytes: Uint8Array, start: number, end: number): number => {
    const stop = remaining < end - start ? start + remaining : end
    if (opcode >= 8) {
      maskInto(bytes, start, stop, key, control, controlLength)
      controlLength += stop - start
    } else if (compressed) {
      inflate(bytes, start, stop)
    } else if (stop > start) {
      const known = assembly.length
      reserve(assembly, stop - start)
      maskInto(bytes, start, stop, key, assembly.buffer, known)
      assembly.length += stop - start
      added(known)
    }
    key = rotateKey(key, stop - start)
    remaining -= stop - start
    if (remaining === 0 && state !== 'closed') finishFrame()
    return stop
  }

  const finishFrame = (): void => {
    open = false
    if (opcode >= 8) return finishControl(Buffer.from(control.subarray(0, controlLength)))
    if (!fin) return
    if (compressed) {
      const known = assembly.length
      inflated(inflater ? inflater.finish(assembly) : 'corrupt', known)
    }
    if (message === OPCODE.text && utf8 !== COMPLETE) fail('ws-utf8')
    const isText = message === OPCODE.text
    message = 0
    if (stateNow() === 'closed') return
    if (actions.message) actions.message(take(assembly), isText)
    else clear(assembly)
  }

  const finishControl = (body: Buffer): void => {
    if (opcode === OPCODE.ping) {
      if (autoPong && state === 'open') sender.frame(OPCODE.pong, body) // RFC 6455 5.5.2
      actions.ping?.(body)
    } else if (opcode === OPCODE.pong) {
      actions.pong?.(body)
    } else {
      const { code, reason, finding } = readCloseBody(body)
      if (finding) return fail(finding)
      // RFC 6455 5.5.1: answered with the same body; 7.1.1: then the server ends the TCP connection
      if (state === 'open') sender.frame(OPCODE.close, body)
      state = 'closed'
      sender.release()
      actions.closed(code, reason)
      actions.finish()
    }
  }

  /** A whole unfragmented message inside the chunk; the rest of the frames go the general way. */
  const quick = (bytes: Uint8Array, words: Int32Array | null, i: number): number => {
    const first = bytes[i]!
    const second = bytes[i + 1]!
    if ((first !== 0x81 && first !== 0x82) || (second & 128) !== maskBit || message !== 0) return 0
    let length = second & 127
    let start = maskBit === 0 ? i + 2 : i + 6
    if (length === 126) {
      length = (bytes[i + 2]! << 8) | bytes[i + 3]!
      start += 2
    }
    const stop = start + length
    if (stop > bytes.length || length > limits.framePayload || length > limits.message) return 0
    if (!isShortest(second & 127, length) || (second & 127) === 127) return 0
    const mask = maskBit === 0 ? 0 : readKey(bytes, start - 4)
    if (!actions.message) {
      return first === 0x82 || checkText(COMPLETE, bytes, words, start, stop, mask) === COMPLETE ? stop : 0
    }
    const whole = Buffer.allocUnsafe(length)
    maskInto(bytes, start, stop, mask, whole, 0)
    if (first === 0x81 && !isText(whole)) return 0 // let the general way fail it
    actions.message(whole, first === 0x81)
    return stop
  }

  const scan = (bytes: Uint8Array): void => {
    const words = actions.message ? null : wordsOf(bytes)
    let i = 0
    if (open) i = payload(bytes, 0, bytes.length)
    while (i < bytes.length && stateNow() !== 'closed') {
      if (held === 0 && bytes.length - i >= 2) {
        const next = quick(bytes, words, i)
        if (next > 0) {
          i = next
          continue
        }
        const size = headerLength(bytes[i + 1]!)
        if (bytes.length - i >= size) {
          if (begin(bytes, i, size)) i = payload(bytes, i + size, bytes.length)
          continue
        }
      }
      // Two bytes are enough to tell most violations, so a header is judged as early as it can be.
      header[held++] = bytes[i++]!
      if (held < 2) continue
      const size = headerLength(header[1]!)
      if (held === 2 && size > 2 && !beginsWell()) return
      if (held < size) continue
      held = 0
      if (begin(header, 0, size)) i = payload(bytes, i, bytes.length)
    }
  }

  /** Judges the first two bytes of a header whose rest is still to come. */
  const beginsWell = (): boolean => {
    const broken = violation(header[0]!, header[1]!, leastLength(header[1]! & 127))
    if (broken) fail(broken)
    return broken === null
  }

  /** Actions may close; the compiler would think the state unchanged over their calls. */
  const stateNow = (): EndpointState => state

  const send = (act: () => void): boolean => {
    if (state !== 'open') return false
    act()
    return true
  }

  return {
    get state() {
      return state
    },
    feed(bytes) {
      if (state === 'closed') return
      sender.hold()
      scan(bytes)
      sender.release()
    },
    sendText: (text) => send(() => sender.message(OPCODE.text, Buffer.from(text, 'utf8'))),
    sendMessage: (bytes, isText) => send(() => sender.message(isText ? OPCODE.text : OPCODE.binary, bytes)),
    ping: (bytes) => send(() => sender.frame(OPCODE.ping, bytes.subarray(0, CONTROL_LIMIT))),
    pong: (bytes) => send(() => sender.frame(OPCODE.pong, bytes.subarray(0, CONTROL_LIMIT))),
    close: (code, reason = '') =>
      send(() => {
        state = 'closing'
        sender.frame(OPCODE.close, writeCloseBody(code, reason))
      }),
    dispose() {
      state = 'closed'
      sender.dispose()
      inflater?.dispose()
      inflater = null
    },
  }
}
