/**
 * The rows of one body: a row per part, with what it inflates to, and the parts handed on to who reads them
 * (events, scripts) once their row is written. Parts come from body.ts.
 */
import { FLAG, KIND, type DetailsByKind, type Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink, Sender } from '../row-sink.ts'
import type { BodyPart } from './body.ts'
import { joined } from './bytes.ts'
import { createDecoder } from './coding.ts'
import type { HeadFinding } from './head.ts'

type Details = DetailsByKind['http-body']

export interface BodyRows {
  /** The time of the parts that come next. */
  at: number
  /** The body is cut off because its receiver left: then that is no fault of the sender's. */
  receiverLeft: boolean
  part(part: BodyPart): void
  /** `cut`: the body is not complete. */
  end(cut: boolean): void
}

/** `offset`: where the body begins in the sender's stream. */
export function createBodyRows(
  sink: RowSink,
  from: Sender,
  framing: Details['framing'],
  offset: number,
  codings: readonly string[],
  limits: Limits,
  chooseReader: () => BodyDissector | null,
): BodyRows {
  const { decoder, findings: refused } = createDecoder(codings, limits)
  const coded = decoder !== null || refused.length > 0
  const detailsOf = createDetails(framing)
  let untold: readonly HeadFinding[] = refused
  let position = offset
  let open = true
  let reader: BodyDissector | null | undefined

  const isDecoding = (): boolean => decoder?.working === true

  const row = (part: BodyPart, content: Uint8Array, coding: string | undefined, more: readonly HeadFinding[]): void => {
    const flags = (coded ? FLAG.compressed : 0) | (part.truncated ? FLAG.truncated : 0)
    sink.row(rows.at, from, KIND['http-body'], flags, 0, part.wireOffset, part.wireLength, part.data.length)
    sink.details(detailsOf(part, coding))
    if (coding !== undefined) sink.content(content)
    for (const { id, note } of [...untold, ...part.findings, ...more]) sink.finding(id, note)
    untold = []
    position = part.wireOffset + part.wireLength
    if (reader === undefined) reader = chooseReader()
    // what could not be inflated is not handed on: it would be read as text that nobody sent
    if (content.length === 0 || reader === null || (coded && coding === undefined)) return
    const place = { at: rows.at, wireOffset: part.dataOffset, wireLength: part.data.length }
    reader.feed({ bytes: content, ...place, direct: !coded })
  }

  const take = (part: BodyPart, more: readonly HeadFinding[]): void => {
    if (decoder === null || !isDecoding()) {
      row(part, part.data, undefined, more)
      return
    }
    const pieces = [decoder.decode(part.data)]
    if (part.last) pieces.push(decoder.finish())
    row(part, joined(pieces), decoder.name, [...more, ...decoder.takeFindings()])
  }

  const rows: BodyRows = {
    at: 0,
    receiverLeft: false,
    part(part) {
      if (!part.truncated) take(part, [])
      else if (!rows.receiverLeft) take(part, [{ id: 'http-cut-body' }])
      else if (part.wireLength > 0) take(part, [])
    },
    end(cut) {
      if (!open) return
      open = false
      const wasDecoding = isDecoding()
      // a body that ends with its connection has no last part to carry what its coding has left to say
      if (decoder !== null && wasDecoding && !cut && framing === 'close') {
        const content = decoder.finish()
        const findings = decoder.takeFindings()
        const part = { ...EMPTY, wireOffset: position, dataOffset: position }
        if (content.length > 0 || findings.length > 0) row(part, content, decoder.name, findings)
      }
      decoder?.close()
      if (reader === undefined) reader = chooseReader()
      reader?.end(rows.at, cut || (coded && !wasDecoding))
    },
  }
  return rows
}

/** What is not there of a body that ended with its connection, when that broke. */
export const missingPart = (at: number): BodyPart => ({ ...EMPTY, wireOffset: at, dataOffset: at, truncated: true })

const EMPTY: BodyPart = {
  wireOffset: 0,
  wireLength: 0,
  dataOffset: 0,
  data: new Uint8Array(0),
  findings: [],
  truncated: false,
  last: false,
}

/** The same object for the same values, so that it is stored once: chunks differ in the length of their size line. */
function createDetails(framing: Details['framing']): (part: BodyPart, coding: string | undefined) => Details {
  const seen = new Map<string, Details>()

  return (part, coding) => {
    const { extension, trailers } = part
    const at = part.dataOffset - part.wireOffset
    const details: Details = {
      framing,
      ...(at === 0 ? {} : { dataAt: at }),
      ...(extension === undefined ? {} : { extension }),
      ...(trailers === undefined ? {} : { trailers }),
      ...(coding === undefined ? {} : { coding }),
    }
    if (extension !== undefined || trailers !== undefined) return details
    const key = `${at} ${coding ?? ''}`
    const same = seen.get(key)
    if (same === undefined && seen.size < 32) seen.set(key, details)
    return same ?? details
  }
}
