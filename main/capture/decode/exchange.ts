/** The request and the answer that a row belongs to: on a kept-alive connection one pair of many. */
import { KIND, type Kind } from '../../../preload/contract/index.ts'
import type { Pages } from '../pages.ts'
import { answerTo } from './related.ts'
import { detailsOf, type Row } from './row.ts'
import { lastOfKind, rowOf } from './walk.ts'

export interface Exchange {
  request: Row | null
  response: Row | null
}

/** What comes behind an answer's head: they belong to the answer before them, whatever was asked meanwhile. */
const ANSWERED: readonly Kind[] = [
  'http-body',
  'sse-event',
  'sse-comment',
  'sse-retry',
  'sse-id',
  'script-call',
  'ws-frame',
  'ws-message',
]

/** Both null for a row before the first request, and where the exchange lies too far back. */
export function exchangeOf(pages: Pages, row: Row): Exchange {
  switch (row.kind) {
    case 'http-request':
      return ofRequest(pages, row)
    case 'http-response':
      return ofResponse(pages, row)
    case 'poll': {
      const { requestSeq, responseSeq } = detailsOf(row, 'poll')
      return { request: known(pages, requestSeq, 'http-request'), response: known(pages, responseSeq, 'http-response') }
    }
    default: {
      const sentByClient = row.kind === 'http-body' && row.from === 'client'
      const answer = !sentByClient && ANSWERED.includes(row.kind) ? before(pages, row, 'http-response') : null
      if (answer) return ofResponse(pages, answer)
      const request = before(pages, row, 'http-request')
      return request ? ofRequest(pages, request) : { request: null, response: null }
    }
  }
}

const ofRequest = (pages: Pages, request: Row): Exchange => ({ request, response: answerTo(pages, request) })

function ofResponse(pages: Pages, response: Row): Exchange {
  const request = known(pages, detailsOf(response, 'http-response').requestSeq, 'http-request')
  return { request, response: (request && answerTo(pages, request)) ?? response }
}

/** A damaged file may name any row. */
function known(pages: Pages, seq: number | null | undefined, kind: Kind): Row | null {
  const row = seq ? rowOf(pages, seq) : null
  return row?.kind === kind ? row : null
}

/** The last row of that kind on the same connection. */
const before = (pages: Pages, row: Row, kind: 'http-request' | 'http-response'): Row | null =>
  lastOfKind(pages, row.seq - 1, KIND[kind], ({ narrow }, i) => narrow.connection[i] === row.connection)
