import { describe, expect, test } from 'vitest'
import type { FrameFields, RowDetail } from '../../../../preload/contract/index.ts'
import { THIN } from '../../../format/index.ts'
import { toBase64 } from '../../hex/bytes.ts'
import { closeFacts, compressionFacts, frameRemark, sizeRemark, textFact } from './frame-facts.ts'

const frame = (change: Partial<FrameFields>): FrameFields => ({
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
  payloadMasked: '',
  payloadUnmasked: toBase64(new TextEncoder().encode('Hello')),
  compressed: false,
  inflatedLength: null,
  utf8ErrorAt: -1,
  ...change,
})
const detail = { from: 'client', sizes: { wire: 11, payload: 5, content: 5 } } as RowDetail

describe('figures', () => {
  test('the remark names finality, mask and length form', () =>
    expect(frameRemark(frame({}))).toBe('final · masked · 7-bit length'))
  test('overhead is header bytes per payload byte', () =>
    expect(sizeRemark(detail, frame({}))).toBe(`11 on the wire, 5 payload, 6 header (120${THIN}% overhead)`))
  test('an empty payload has no overhead figure', () =>
    expect(sizeRemark({ ...detail, sizes: { wire: 6, payload: 0, content: 0 } }, frame({ length: '0' }))).toBe(
      '6 on the wire, 0 payload, 6 header',
    ))
})

describe('close frames', () => {
  test.each([
    [1000, '1000 normal closure', undefined],
    [1006, '1006 abnormal closure', 'bad'],
    [3001, '3001 registered', undefined],
    [999, '999 undefined', 'bad'],
  ])('code %i reads "%s"', (closeCode, value, tone) => {
    const [code] = closeFacts(frame({ opcode: 8, closeCode, closeReason: '' }))
    expect(code?.value).toBe(value)
    expect(code?.tone).toBe(tone)
  })
  test('no code is said so', () => expect(closeFacts(frame({ opcode: 8 }))).toMatchObject([{ value: 'none' }]))
  test('other frames have no close facts', () => expect(closeFacts(frame({}))).toEqual([]))
})

describe('payload', () => {
  test('text that the end of its message cuts inside a character is not called valid', () => {
    const finding = { id: 'ws-utf8', severity: 'fault', message: '' } as const
    expect(textFact({ findings: [finding] } as unknown as RowDetail, frame({}))[0]).toMatchObject({
      value: '"Hello" · not valid: it ends inside a character',
      tone: 'bad',
    })
  })
  test('valid text is quoted', () => expect(textFact({ findings: [] }, frame({}))[0]?.value).toBe('"Hello" · valid'))
  test('bad text says where', () =>
    expect(textFact({ findings: [] }, frame({ utf8ErrorAt: 3 }))[0]).toMatchObject({
      value: '"Hello" · not valid at byte 3',
      tone: 'bad',
    }))
  test('inflated bytes are set beside those of the wire', () =>
    expect(compressionFacts(detail, frame({ compressed: true, inflatedLength: 50 })).map((fact) => fact.value)).toEqual(
      [`5${THIN}B on the wire`, `50${THIN}B · 10.0 to 1`],
    ))
})
