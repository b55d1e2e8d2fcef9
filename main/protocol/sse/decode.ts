/**
 * Shows one block of an event stream: its event, and each raw line with its end and what became of it. Pure; made for
 * the one row somebody looks at. Finding the blocks is dissector.ts.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import type { SseFields, SseLine } from '../../../preload/contract/index.ts'
import { BOM, CR, FIELD, LF, fieldOf, isDigits, nameEnd, startsWith, valueStart } from './fields.ts'
import { decodeUtf8 } from './utf8.ts'

/** More lines than a person reads; the fields are made of all of them nevertheless. */
const LINES_SHOWN = 2_000

const ROLES: Readonly<Record<number, string>> = {
  [FIELD.unknown]: 'ignored',
  [FIELD.comment]: 'comment',
  [FIELD.data]: 'data',
  [FIELD.event]: 'event',
  [FIELD.id]: 'id',
  [FIELD.retry]: 'retry',
}

/**
 * `raw`: the bytes of one block, or of one line (a row's wire bytes, or its content). `lastEventId`: the last event ID
 * before the block. `first`: `raw` begins where the stream does, so that a BOM may have to be taken off; rows never
 * include it, so for them it is false.
 * `dropped` is true when there is no data, or no blank line: then nothing is dispatched.
 */
export function readSseBlock(raw: Uint8Array, lastEventId: string, first: boolean): SseFields {
  const lines: SseLine[] = []
  const data: string[] = []
  let event = ''
  let id: string | null = null
  let retry: number | null = null
  let ended = false
  let unshown = 0

  let from = first && startsWith(raw, 0, raw.length, BOM) ? BOM.length : 0
  while (from < raw.length) {
    let to = from
    while (to < raw.length && raw[to] !== LF && raw[to] !== CR) to++
    const end = to === raw.length ? '' : raw[to] === LF ? 'LF' : raw[to + 1] === LF ? 'CRLF' : 'CR'
    const line: SseLine = { text: decodeUtf8(raw.subarray(from, to)), end, field: '', value: '', role: 'blank' }
    if (to === from) ended = true
    else {
      const code = fieldOf(raw, from, to)
      const nameTo = code === FIELD.comment ? from : nameEnd(raw, from, to)
      const start = code === FIELD.comment ? from + 1 : valueStart(raw, nameTo, to)
      line.field = decodeUtf8(raw.subarray(from, nameTo))
      line.value = decodeUtf8(raw.subarray(start, to))
      line.role = ROLES[code] ?? 'ignored'
      if (code === FIELD.data) data.push(line.value)
      else if (code === FIELD.event) event = line.value
      else if (code === FIELD.id && !line.value.includes('\0')) id = line.value
      else if (code === FIELD.retry && isDigits(raw, start, to)) retry = asTime(line.value)
      else if (code !== FIELD.comment) line.role = 'ignored'
    }
    if (lines.length < LINES_SHOWN) lines.push(line)
    else unshown++
    from = to + (end === 'CRLF' ? 2 : 1)
  }
  if (unshown > 0) lines.push({ text: `… ${unshown} more lines`, end: '', field: '', value: '', role: 'more' })

  return {
    event: event === '' ? 'message' : event,
    data: data.join('\n'),
    id,
    lastEventId: id ?? lastEventId,
    retry,
    dropped: data.length === 0 || !ended,
    lines,
  }
}

/** Digits without end are a valid time; what JSON cannot carry is cut to the largest whole number that it can. */
const asTime = (digits: string): number => Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
