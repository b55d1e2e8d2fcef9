/** Running totals of a capture: what counts as a message, and how long the last ping took. */
import { FLAG, FROM, KIND, OPCODE, type DetailsByKind, type Technique } from '../../preload/contract/index.ts'
import type { CaptureStats } from './capture.ts'

export type Totals = CaptureStats

export const createTotals = (): Totals => ({
  rows: 0,
  bytes: { client: 0, server: 0 },
  payload: 0,
  messages: 0,
  findings: 0,
  ping: null,
  unstored: 0,
  time: 0,
})

/** Totals out of a file; zeros where the text is damaged. */
export function readTotals(text: string): Totals {
  try {
    return { ...createTotals(), ...(JSON.parse(text) as Partial<Totals>) }
  } catch {
    return createTotals()
  }
}

const { 'ws-frame': FRAME, 'ws-message': MESSAGE, 'sse-event': EVENT, 'script-call': CALL, poll: POLL } = KIND

/** Counts the rows of one connection. */
export interface Tally {
  row(at: number, from: number, kind: number, flags: number, code: number, payloadLength: number): void
  /** Of the last row, which is of `kind`. */
  details(kind: number, payloadLength: number, details: object): void
  /** The last row's payload went over the wire shorter than it is. */
  inflated(kind: number, flags: number, code: number, wire: number, length: number): void
}

export function createTally(totals: Totals, technique: () => Technique | null): Tally {
  /** When the unanswered ping of each side was sent; -1: none. */
  const asked = [-1, -1]
  return {
    row(at, from, kind, flags, code, payloadLength) {
      if (kind === FRAME) {
        if (code === OPCODE.text || code === OPCODE.binary) {
          if ((flags & FLAG.fin) === 0 || (flags & FLAG.truncated) !== 0) return
        } else {
          if (code === OPCODE.ping) asked[from] = at
          else if (code === OPCODE.pong) answered(1 - from, at)
          return
        }
      } else if (kind !== MESSAGE && !(kind === EVENT && (flags & FLAG.dropped) === 0)) return
      totals.messages++
      totals.payload += payloadLength
    },
    details(kind, payloadLength, details) {
      if (kind === POLL) {
        const { empty, bodyBytes } = details as DetailsByKind['poll']
        if (empty) return
        totals.messages++
        totals.payload += bodyBytes
      } else if (kind === CALL) {
        // A call inside a poll's answer is that poll's message.
        const { dialect } = details as DetailsByKind['script-call']
        const by = technique()
        if (dialect === 'jsonp' || by === 'polling' || by === 'long-polling') return
        totals.messages++
        totals.payload += payloadLength
      }
    },
    inflated(kind, flags, code, wire, length) {
      if (kind !== FRAME || (flags & FLAG.fin) === 0 || (flags & FLAG.truncated) !== 0) return
      if (code === OPCODE.text || code === OPCODE.binary) totals.payload += length - wire
    },
  }

  function answered(pinger: number, at: number): void {
    const since = asked[pinger] ?? -1
    if (since < 0) return
    asked[pinger] = -1
    totals.ping = at - since
  }
}

/** Adds bytes that crossed the wire. */
export function countBytes(totals: Totals, from: number, length: number): void {
  if (from === FROM.client) totals.bytes.client += length
  else totals.bytes.server += length
}
