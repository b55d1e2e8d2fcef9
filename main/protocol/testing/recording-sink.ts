/**
 * A RowSink for tests: keeps rows as plain objects, and throws when a dissector breaks the sink's own rules.
 * For tests alone; the real sink is the capture's.
 */
import { KINDS, type DetailsByKind, type FindingId, type Kind } from '../../../preload/contract/index.ts'
import type { RowSink, Sender } from '../row-sink.ts'

export interface RecordedRow {
  /** Counted from 1. */
  seq: number
  at: number
  from: Sender
  kind: Kind
  /** As given: FLAG.finding is the capture's to add, so it is never here. */
  flags: number
  code: number
  wireOffset: number
  wireLength: number
  payloadLength: number
  details: Partial<DetailsByKind[keyof DetailsByKind]> | null
  findings: { id: FindingId; note: string }[]
  /** Null when the content is to be read off the wire. */
  content: Uint8Array | null
}

export interface RecordingSink extends RowSink {
  readonly rows: RecordedRow[]
}

const check = (ok: boolean, what: string, value: unknown): void => {
  if (!ok) throw new Error(`${what}: ${String(value)}`)
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export const createRecordingSink = (): RecordingSink => {
  const rows: RecordedRow[] = []
  const last = (): RecordedRow => {
    const row = rows.at(-1)
    if (row === undefined) throw new Error('no row yet')
    return row
  }

  return {
    rows,
    row(at, from, kind, flags, code, wireOffset, wireLength, payloadLength) {
      const name = KINDS[kind]
      if (name === undefined) throw new Error(`kind is not in the contract: ${kind}`)
      check(from === 0 || from === 1, 'from is neither client nor server', from)
      check(isCount(flags) && flags < 0x1_0000, 'flags', flags)
      check(isCount(code) && code <= 0xffff, 'code', code)
      check(isCount(wireOffset), 'wireOffset', wireOffset)
      check(isCount(wireLength), 'wireLength', wireLength)
      check(isCount(payloadLength), 'payloadLength', payloadLength)
      const seq = rows.length + 1
      const columns = { at, from, flags, code, wireOffset, wireLength, payloadLength }
      rows.push({ seq, ...columns, kind: name, details: null, findings: [], content: null })
      return seq
    },
    details(details) {
      check(last().details === null, 'details given twice for row', last().seq)
      last().details = details
    },
    finding(id, note = '') {
      last().findings.push({ id, note })
    },
    content(bytes) {
      check(last().content === null, 'content given twice for row', last().seq)
      last().content = Uint8Array.from(bytes) // a Buffer's slice is no copy
    },
  }
}
