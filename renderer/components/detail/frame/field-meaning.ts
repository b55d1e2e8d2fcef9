/** One sentence for each field of a WebSocket frame, fitted to its value. Text only; the layout is bit-layout.ts. */
import { type From, type FrameFields, OPCODES } from '../../../../preload/contract/index.ts'
import { formatCount } from '../../../format/index.ts'
import type { FieldId } from './bit-layout.ts'

export function fieldMeaning(id: FieldId, frame: FrameFields, from: From): string {
  return SENTENCES[id](frame, from)
}

const SENTENCES: Record<FieldId, (frame: FrameFields, from: From) => string> = {
  fin(frame) {
    if (!frame.fin) return 'FIN is 0: more fragments of this message follow.'
    if (frame.opcode >= 8) return 'FIN is 1: a control frame is always whole.'
    return frame.opcode === 0
      ? 'FIN is 1: this is the last fragment of the message.'
      : 'FIN is 1: the whole message is in this one frame.'
  },
  rsv1(frame) {
    // RFC 7692 6: set on the first frame of a compressed message only.
    if (frame.rsv1 && frame.compressed) return 'RSV1 is 1: the message is compressed with permessage-deflate.'
    return frame.rsv1
      ? 'RSV1 is 1 although no agreed extension gives it a meaning here.'
      : 'RSV1 is 0; permessage-deflate sets it on the first frame of a compressed message.'
  },
  rsv2: (frame) => reserved('RSV2', frame.rsv2),
  rsv3: (frame) => reserved('RSV3', frame.rsv3),
  opcode(frame) {
    const known = OPCODES[frame.opcode]
    const hex = `0x${frame.opcode.toString(16)}`
    return known
      ? `${hex} is ${known.name}: ${lowerFirst(known.meaning)}`
      : `${hex} is reserved: whoever receives it must fail the connection.`
  },
  mask(frame, from) {
    // RFC 6455 5.1: a client masks every frame, a server none.
    if (frame.masked) {
      return from === 'server'
        ? 'MASK is 1, but a server must not mask its frames.'
        : 'MASK is 1: the payload is masked, as every frame of a client must be.'
    }
    return from === 'client'
      ? 'MASK is 0, but a client must mask every frame.'
      : 'MASK is 0: the payload is plain, as every frame of a server must be.'
  },
  length7(frame) {
    if (frame.lengthForm === 7) return `The payload has ${bytes(frame.length)}; up to 125 fit in these 7 bits.`
    return `${frame.length7} means that the length stands in the next ${frame.lengthForm} bits.`
  },
  length: (frame) => `The payload has ${bytes(frame.length)}; an unsigned number, most significant byte first.`,
  key: () =>
    'Byte i of the payload was XORed with byte i mod 4 of this key; it protects proxies, it does not hide anything.',
  payload(frame) {
    const coded = frame.compressed ? ' of deflated data' : ''
    return frame.masked
      ? `${bytes(frame.length)}${coded}, here as on the wire: masked.`
      : `${bytes(frame.length)}${coded}, here as on the wire.`
  },
}

function reserved(name: string, set: boolean): string {
  return set
    ? `${name} is 1 although no agreed extension gives it a meaning.`
    : `${name} is 0, as it must be while no extension uses it.`
}

function bytes(length: string): string {
  const count = Number.isSafeInteger(Number(length)) ? formatCount(Number(length)) : length
  return length === '1' ? '1 byte' : `${count} bytes`
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
