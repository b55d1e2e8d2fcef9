/** The first rule of RFC 6455 5 that a frame's header breaks, for an endpoint, which fails at it. */
import { OPCODE, type FindingId } from '../../../preload/contract/index.ts'
import { isShortest } from './frame.ts'

export interface FrameContext {
  /** The mask bit that the peer must send: 128 from a client, 0 from a server. */
  maskBit: number
  /** permessage-deflate was agreed on. */
  deflate: boolean
  /** A fragmented message waits for its next frame. */
  inMessage: boolean
}

/** `first` and `second` are the header's first bytes; `length` the declared one. */
export function frameViolation(
  first: number,
  second: number,
  length: number,
  { maskBit, deflate, inMessage }: FrameContext,
): FindingId | null {
  const opcode = first & 15
  const rsv = first & 0x70
  const length7 = second & 127
  const begins = opcode === OPCODE.text || opcode === OPCODE.binary
  if (rsv !== 0 && !(rsv === 0x40 && deflate)) return 'ws-rsv' // RFC 6455 5.2
  if (rsv !== 0 && !begins) return opcode === OPCODE.continuation ? 'ws-rsv1-continuation' : 'ws-rsv' // RFC 7692 6.1
  if ((opcode > 2 && opcode < 8) || opcode > 10) return 'ws-opcode' // RFC 6455 5.2
  if ((second & 128) !== maskBit) return maskBit === 0 ? 'ws-masked-server' : 'ws-unmasked-client' // RFC 6455 5.1
  if (opcode >= 8) {
    if ((first & 128) === 0) return 'ws-control-fragmented' // RFC 6455 5.5
    return length7 > 125 ? 'ws-control-length' : null // RFC 6455 5.5
  }
  if (begins && inMessage) return 'ws-continuation-expected' // RFC 6455 5.4
  if (!begins && !inMessage) return 'ws-continuation-unexpected' // RFC 6455 5.4
  if (length >= 2 ** 63) return 'ws-length-msb' // RFC 6455 5.2
  return isShortest(length7, length) ? null : 'ws-length-form' // RFC 6455 5.2
}

/** The least length that a header's first length field can stand for, before the rest of it came. */
export const leastLength = (length7: number): number => (length7 < 126 ? length7 : length7 === 126 ? 126 : 65_536)
