import { describe, expect, test } from 'vitest'
import type { FrameFields } from '../../../../preload/contract/index.ts'
import { toBase64 } from '../../hex/bytes.ts'
import { bitLayout, DRAWN_PAYLOAD, type FieldId } from './bit-layout.ts'

/** RFC 6455 5.7: "A single-frame masked text message", `Hello`. */
const HELLO: FrameFields = {
  fin: true,
  rsv1: false,
  rsv2: false,
  rsv3: false,
  opcode: 1,
  opcodeName: 'text',
  masked: true,
  length7: 5,
  lengthForm: 7,
  length: '5',
  maskKey: '37fa213d',
  headerLength: 6,
  closeCode: null,
  closeReason: null,
  payloadMasked: toBase64(Uint8Array.of(0x7f, 0x9f, 0x4d, 0x51, 0x58)),
  payloadUnmasked: toBase64(new TextEncoder().encode('Hello')),
  compressed: false,
  inflatedLength: null,
  utf8ErrorAt: -1,
}

const plain = (length: number, lengthForm: 7 | 16 | 64): FrameFields => ({
  ...HELLO,
  masked: false,
  maskKey: '',
  length: String(length),
  lengthForm,
  length7: lengthForm === 7 ? length : lengthForm === 16 ? 126 : 127,
  headerLength: 2 + (lengthForm === 7 ? 0 : lengthForm / 8),
  payloadMasked: toBase64(new Uint8Array(Math.min(length, 4096))),
})

const cell = (frame: FrameFields, id: FieldId) => {
  const found = bitLayout(frame, 'client').find((one) => one.id === id)
  if (!found) throw new Error(`no field ${id}`)
  return found
}

describe('the masked Hello of the RFC', () => {
  const cells = bitLayout(HELLO, 'client')

  test.each([
    ['fin', 'FIN 1', 0, 1, 0, 1],
    ['rsv1', 'RSV1 0', 1, 2, 0, 1],
    ['rsv2', 'RSV2 0', 2, 3, 0, 1],
    ['rsv3', 'RSV3 0', 3, 4, 0, 1],
    ['opcode', 'Opcode 0x1 text', 4, 8, 0, 1],
    ['mask', 'MASK 1', 8, 9, 1, 2],
    ['length7', 'Payload length 5', 9, 16, 1, 2],
    ['key', 'Masking key 37 fa 21 3d', 16, 48, 2, 6],
    ['payload', 'Payload 5 bytes', 48, 88, 6, 11],
  ])('%s is "%s", bits %i to %i, bytes %i to %i', (id, name, bitStart, bitEnd, byteStart, byteEnd) => {
    const found = cells.find((one) => one.id === id)
    expect(found).toMatchObject({
      name,
      bits: { start: bitStart, end: bitEnd },
      bytes: { start: byteStart, end: byteEnd },
    })
  })

  test('the masking key is cut at the end of the first row, the payload at the second', () => {
    expect(cell(HELLO, 'key').segments).toEqual([
      { row: 0, column: 16, span: 16, value: '37 fa' },
      { row: 1, column: 0, span: 16, value: '21 3d' },
    ])
    expect(cell(HELLO, 'payload').segments).toEqual([
      { row: 1, column: 16, span: 16, value: '7f 9f' },
      { row: 2, column: 0, span: 24, value: '4d 51 58' },
    ])
  })
})

describe('length forms', () => {
  test('a 16-bit length fills the first row', () =>
    expect(cell(plain(300, 16), 'length')).toMatchObject({
      name: 'Extended payload length 300',
      bytes: { start: 2, end: 4 },
      segments: [{ row: 0, column: 16, span: 16, value: '01 2c' }],
    }))

  test('a 64-bit length goes over three rows', () =>
    expect(cell(plain(65_536, 64), 'length')).toMatchObject({
      bytes: { start: 2, end: 10 },
      segments: [
        { row: 0, column: 16, span: 16, value: '00 00' },
        { row: 1, column: 0, span: 32, value: '00 00 00 01' },
        { row: 2, column: 0, span: 16, value: '00 00' },
      ],
    }))

  test('a length past 2^53 keeps its digits', () => {
    const frame = { ...plain(0, 64), length: '9223372036854775809' }
    expect(cell(frame, 'length').name).toBe('Extended payload length 9223372036854775809')
    expect(
      cell(frame, 'length')
        .segments.map((one) => one.value)
        .join(' '),
    ).toBe('80 00 00 00 00 00 00 01')
  })

  test('a 7-bit length has no extended field and an empty payload no payload field', () =>
    expect(bitLayout(plain(0, 7), 'server').map((one) => one.id)).toEqual([
      'fin',
      'rsv1',
      'rsv2',
      'rsv3',
      'opcode',
      'mask',
      'length7',
    ]))

  test('only the first bytes of a long payload are drawn, all of them are marked', () => {
    const payload = cell(plain(300, 16), 'payload')
    expect(payload.bytes).toEqual({ start: 4, end: 304 })
    expect(payload.segments.reduce((sum, one) => sum + one.span, 0)).toBe(DRAWN_PAYLOAD * 8)
  })
})

describe('meanings', () => {
  test.each<[string, Partial<FrameFields>, 'client' | 'server', FieldId, string]>([
    ['a first fragment', { fin: false }, 'client', 'fin', 'FIN is 0: more fragments of this message follow.'],
    ['a last fragment', { opcode: 0 }, 'client', 'fin', 'FIN is 1: this is the last fragment of the message.'],
    ['an unmasked client', { masked: false }, 'client', 'mask', 'MASK is 0, but a client must mask every frame.'],
    ['a masking server', {}, 'server', 'mask', 'MASK is 1, but a server must not mask its frames.'],
    [
      'a reserved opcode',
      { opcode: 3 },
      'client',
      'opcode',
      '0x3 is reserved: whoever receives it must fail the connection.',
    ],
    [
      'a stray RSV1',
      { rsv1: true },
      'client',
      'rsv1',
      'RSV1 is 1 although no agreed extension gives it a meaning here.',
    ],
    [
      'deflate',
      { rsv1: true, compressed: true },
      'client',
      'rsv1',
      'RSV1 is 1: the message is compressed with permessage-deflate.',
    ],
    [
      'an extended length',
      { length7: 126, lengthForm: 16 },
      'client',
      'length7',
      '126 means that the length stands in the next 16 bits.',
    ],
  ])('of %s', (_, change, from, id, sentence) => {
    const cells = bitLayout({ ...HELLO, ...change }, from)
    expect(cells.find((one) => one.id === id)?.meaning).toBe(sentence)
  })
})
