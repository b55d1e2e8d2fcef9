/** What is said about a frame beside its bits: figures, close code, compression, text. Pure; FrameTab.vue shows it. */
import {
  CLOSE_CODES,
  closeCodeName,
  type FrameFields,
  mayStandInCloseFrame,
  type RowDetail,
} from '../../../../preload/contract/index.ts'
import { formatBytes, formatCount, formatPercent, significant } from '../../../format/index.ts'
import { decodeUtf8, fromBase64 } from '../../hex/bytes.ts'
import type { Fact } from '../parts/fact.ts'

/** `final · masked · 7-bit length`; who sent it to whom stands at the head of the pane. */
export function frameRemark(frame: FrameFields): string {
  return [
    frame.fin ? 'final' : 'not final',
    frame.masked ? 'masked' : 'not masked',
    `${frame.lengthForm}-bit length`,
    ...(frame.compressed ? ['compressed'] : []),
  ].join(' · ')
}

/** `11 on the wire, 5 payload, 6 header (120 % overhead)`. */
export function sizeRemark(detail: RowDetail, frame: FrameFields): string {
  const payload = Math.max(0, detail.sizes.wire - frame.headerLength)
  const overhead = payload > 0 ? ` (${formatPercent(frame.headerLength, payload)} overhead)` : ''
  return `${formatCount(detail.sizes.wire)} on the wire, ${formatCount(payload)} payload, ${formatCount(frame.headerLength)} header${overhead}`
}

export function closeFacts(frame: FrameFields): Fact[] {
  if (frame.opcode !== 8) return []
  if (frame.closeCode === null) {
    return [{ label: 'close code', value: 'none', look: 'words', note: 'Reported by APIs as 1005.' }]
  }
  const allowed = mayStandInCloseFrame(frame.closeCode)
  const meaning = CLOSE_CODES[frame.closeCode]?.meaning ?? ''
  return [
    {
      label: 'close code',
      value: `${frame.closeCode} ${closeCodeName(frame.closeCode)}`,
      ...(allowed ? {} : { tone: 'bad' as const }),
      note: allowed ? meaning : `${meaning} It must not stand in a close frame.`.trim(),
    },
    { label: 'reason', value: frame.closeReason || 'none', look: frame.closeReason ? 'wire' : 'words' },
  ]
}

export function compressionFacts(detail: RowDetail, frame: FrameFields): Fact[] {
  if (!frame.compressed) return []
  const wire = detail.sizes.payload
  const inflated = frame.inflatedLength
  if (inflated === null) {
    return [{ label: 'compressed', value: 'permessage-deflate', note: 'It inflates as part of its whole message.' }]
  }
  const ratio = wire > 0 ? ` · ${significant(inflated / wire)} to 1` : ''
  return [
    { label: 'compressed', value: `${formatBytes(wire)} on the wire` },
    { label: 'inflated', value: `${formatBytes(inflated)}${ratio}` },
  ]
}

/** Characters of a payload shown beside its bits. */
const PREVIEW = 120

export function textFact(detail: Pick<RowDetail, 'findings'>, frame: FrameFields): Fact[] {
  if (frame.utf8ErrorAt === null || Number(frame.length) === 0) return []
  const bytes = fromBase64(frame.payloadUnmasked)
  const { text } = decodeUtf8(bytes, bytes.length < Number(frame.length))
  const shown = text.length > PREVIEW ? `${JSON.stringify(text.slice(0, PREVIEW))}…` : JSON.stringify(text)
  if (frame.utf8ErrorAt >= 0) {
    return [{ label: 'as UTF-8', value: `${shown} · not valid at byte ${frame.utf8ErrorAt}`, tone: 'bad' }]
  }
  // A character that the end of the message cuts off has no wrong byte; the diagnosis alone tells of it.
  return detail.findings.some(({ id }) => id === 'ws-utf8')
    ? [{ label: 'as UTF-8', value: `${shown} · not valid: it ends inside a character`, tone: 'bad' }]
    : [{ label: 'as UTF-8', value: `${shown} · valid` }]
}
