/** One row as an object: made for rows that someone looks at, never in a scan. */
import {
  FINDINGS,
  FROMS,
  KINDS,
  SEVERITIES,
  type DetailsByKind,
  type Finding,
  type From,
  type Kind,
  type Severity,
} from '../../../preload/contract/index.ts'
import type { Details, StoredFinding } from '../details.ts'
import type { PageView } from '../page-view.ts'

export interface Row {
  page: PageView
  /** Index in the page. */
  index: number
  seq: number
  /** µs since the capture started. */
  time: number
  connection: number
  /** As stored: FROM of the contract. */
  sender: number
  from: From
  kind: Kind
  flags: number
  code: number
  wireOffset: number
  wireLength: number
  payloadLength: number
  /** Bytes kept beside the wire; 0: none. */
  contentLength: number
  details: Details | null
}

export function rowAt(page: PageView, index: number): Row {
  const { narrow, wide } = page
  const sender = narrow.from[index]!
  return {
    page,
    index,
    seq: page.firstSeq + index,
    time: wide.time[index]!,
    connection: narrow.connection[index]!,
    sender,
    from: FROMS[sender] ?? 'local',
    kind: KINDS[narrow.kind[index]!] ?? 'note',
    flags: narrow.flags[index]!,
    code: narrow.code[index]!,
    wireOffset: wide.wireOffset[index]!,
    wireLength: wide.wireLength[index]!,
    payloadLength: wide.payloadLength[index]!,
    contentLength: wide.contentLength[index]!,
    details: wide.detail[index] === 0 ? null : page.details.at(wide.detail[index]!),
  }
}

/** The details of a row of that kind, none of another; fields may be absent in a damaged or newer file. */
export const detailsOf = <K extends keyof DetailsByKind>(row: Row, kind: K): Partial<DetailsByKind[K]> =>
  (row.kind === kind ? (row.details ?? {}) : {}) as Partial<DetailsByKind[K]>

export const findingsOf = (row: Row): Finding[] => row.page.details.findings(row.index).map(toFinding)

export function toFinding([id, note]: StoredFinding): Finding {
  const known = FINDINGS[id] as (typeof FINDINGS)[typeof id] | undefined
  const { severity, message, spec, link } = known ?? { severity: 'info', message: id, spec: '', link: '' }
  return { id, severity, message: note === undefined ? message : withNote(message, note), spec, link }
}

/** `The opcode is reserved (got 0x3).` */
const withNote = (message: string, note: string): string => `${message.replace(/\.$/, '')} (${note}).`

export function worst(findings: readonly Finding[]): Finding | null {
  const rank = (severity: Severity): number => SEVERITIES.indexOf(severity)
  return findings.reduce<Finding | null>(
    (worst, finding) => (worst === null || rank(finding.severity) > rank(worst.severity) ? finding : worst),
    null,
  )
}

/** Whether a kind's rows came over the wire, and whether they carry a payload. */
const ON_WIRE: readonly Kind[] = [
  'http-request',
  'http-response',
  'http-body',
  'ws-frame',
  'ws-message',
  'sse-event',
  'sse-comment',
  'sse-retry',
  'sse-id',
  'script-call',
]
const WITH_PAYLOAD: readonly Kind[] = ['http-body', 'ws-frame', 'ws-message', 'sse-event', 'script-call', 'poll']

export const hasWire = (row: Row): boolean => ON_WIRE.includes(row.kind) || row.wireLength > 0
export const hasPayload = (row: Row): boolean => WITH_PAYLOAD.includes(row.kind)
