/** How a connection began, and the exchange on it that a row belongs to: heads, and what is wrong with them. */
import {
  KIND,
  type Finding,
  type Handshake,
  type RequestHead,
  type ResponseHead,
} from '../../../preload/contract/index.ts'
import { acceptSteps, asksForWebSocket, auditHandshake, headerValues } from '../../protocol/websocket/handshake.ts'
import type { Pages } from '../pages.ts'
import { exchangeOf } from './exchange.ts'
import { answerTo } from './related.ts'
import { findingsOf, rowAt, toFinding, type Row } from './row.ts'
import { find, rowOf } from './walk.ts'

/** Rows searched for the beginning of a connection among those of others. */
const REACH = 200_000

/** Null when there is no such row. Rows before the first request have the first exchange. */
export function readHandshake(pages: Pages, seq: number): Handshake | null {
  const row = rowOf(pages, seq)
  if (!row) return null
  const { connection } = row
  const rows = firstRows(pages, connection)
  let { request, response } = exchangeOf(pages, row)
  if (!request && !response) {
    request = rows.get(KIND['http-request']) ?? null
    response = request ? answerTo(pages, request) : (rows.get(KIND['http-response']) ?? null)
  }
  const asked = headOf<RequestHead>(request)
  const answered = headOf<ResponseHead>(response)
  const isWebSocket = asked ? asksForWebSocket(asked) : false
  return {
    connection,
    connect: (rows.get(KIND['connect'])?.details as Handshake['connect'] | undefined) ?? null,
    tls: (rows.get(KIND['tls'])?.details as Handshake['tls'] | undefined) ?? null,
    requestSeq: request?.seq ?? null,
    request: asked,
    responseSeq: response?.seq ?? null,
    response: answered,
    accept:
      asked && isWebSocket
        ? acceptSteps(
            headerValues(asked.headers, 'sec-websocket-key')[0] ?? '',
            (answered && headerValues(answered.headers, 'sec-websocket-accept')[0]) ?? '',
          )
        : null,
    findings: allFindings(request, response, isWebSocket),
  }
}

/** Null where a damaged file gives it no headers. */
function headOf<Head extends RequestHead | ResponseHead>(row: Row | null): Head | null {
  const details = row?.details as Partial<Head> | null | undefined
  return Array.isArray(details?.headers) ? (details as Head) : null
}

/** The first row of each kind up to the first answer. */
function firstRows(pages: Pages, connection: number): Map<number, Row> {
  const rows = new Map<number, Row>()
  const start = pages.firstSeqOf(connection)
  if (start === null) return rows
  find(
    pages,
    start,
    1,
    (page, i) => {
      if (page.narrow.connection[i] !== connection) return false
      const kind = page.narrow.kind[i]!
      if (!rows.has(kind)) rows.set(kind, rowAt(page, i))
      return kind === KIND['http-response'] || kind === KIND['ws-frame']
    },
    REACH,
  )
  return rows
}

/** Those of both rows, and of the audit what the rows do not say. */
function allFindings(request: Row | null, response: Row | null, isWebSocket: boolean): Finding[] {
  const findings = [...(request ? findingsOf(request) : []), ...(response ? findingsOf(response) : [])]
  if (!isWebSocket) return findings
  const audit = auditHandshake(headOf<RequestHead>(request), headOf<ResponseHead>(response))
  for (const { id, note } of audit.findings) {
    if (findings.some((finding) => finding.id === id)) continue
    findings.push(toFinding(note === undefined ? [id] : [id, note]))
  }
  return findings
}
