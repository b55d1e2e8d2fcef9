/** One frame taken apart for showing: the examples of RFC 6455 5.7, then frames that are cut. */
import { describe, expect, test } from 'vitest'
import { readFrame, unmaskedPayload } from './decode.ts'
import { encodeFrame } from './frame.ts'

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('the fields', () => {
  test('of masked text', () => {
    expect(readFrame(hex('81 85 37fa213d 7f9f4d5158'))).toEqual({
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
      payloadMasked: hex('7f9f4d5158').toString('base64'),
      payloadUnmasked: base64('Hello'),
      compressed: false,
      inflatedLength: null,
      utf8ErrorAt: -1,
      payloadStart: 6,
    })
  })

  test.each<[string, string, object]>([
    [
      '16 bits of length',
      `82 7e 0100 ${'00'.repeat(256)}`,
      { lengthForm: 16, length7: 126, length: '256', headerLength: 4, payloadStart: 4 },
    ],
    [
      '64 bits of length',
      '82 7f ffffffffffffffff',
      { lengthForm: 64, length: '18446744073709551615', headerLength: 10 },
    ],
    [
      'a close frame',
      '88 05 03e9 627965',
      { closeCode: 1001, closeReason: 'bye', opcodeName: 'close', utf8ErrorAt: null },
    ],
    ['a close frame without body', '88 00', { closeCode: null, closeReason: null }],
    ['a compressed frame', 'c1 07 f248cdc9c90700', { compressed: true, rsv1: true, utf8ErrorAt: null }],
    ['RSV1 on a ping', 'c9 00', { compressed: false, rsv1: true }],
    ['bad text', '81 04 6161c328', { utf8ErrorAt: 3 }],
    ['a reserved opcode', '8b 00', { opcodeName: 'reserved 0xb' }],
    ['nothing', '', { opcode: 0, payloadStart: 0, length: '0', maskKey: '' }],
    [
      'a header that is cut',
      '82 ff 0000',
      { length: '0', headerLength: 14, payloadStart: 4, maskKey: '', payloadUnmasked: '' },
    ],
  ])('of %s', (_name, bytes, fields) => {
    expect(readFrame(hex(bytes))).toMatchObject(fields)
  })

  test('show 4 KiB of a payload', () => {
    const { payloadMasked, payloadUnmasked } = readFrame(
      encodeFrame({ opcode: 2, payload: Buffer.alloc(9_000, 7), key: 99 }),
    )
    expect(Buffer.from(payloadUnmasked, 'base64')).toEqual(Buffer.alloc(4_096, 7))
    expect(Buffer.from(payloadMasked, 'base64')).toHaveLength(4_096)
  })
})

test('a payload is unmasked into a copy, cut where the wire is cut', () => {
  const wire = encodeFrame({ opcode: 2, payload: Buffer.from('Hello'), key: 0x3d21fa37 })
  const before = Buffer.from(wire)
  expect(Buffer.from(unmaskedPayload(wire)).toString()).toBe('Hello')
  expect(Buffer.from(unmaskedPayload(wire.subarray(0, 8))).toString()).toBe('He')
  expect(unmaskedPayload(wire.subarray(0, 3))).toHaveLength(0)
  expect(Buffer.from(unmaskedPayload(hex('8102 6162'))).toString()).toBe('ab')
  expect(wire).toEqual(before)
})
