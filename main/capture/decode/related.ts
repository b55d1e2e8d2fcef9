/** Which rows belong together: request, answer and poll; ping and pong; fragments and message. */
import { FLAG, KIND, OPCODE } from '../../../preload/contract/index.ts'
import type { PageView } from '../page-view.ts'
import type { Pages } from '../pages.ts'
import { contentOf } from './content.ts'
import { detailsOf, rowAt, type Row } from './row.ts'
import { find, fragmentsOf, rowOf } from './walk.ts'

export interface Related {
  label: string
  seq: number
  /** µs from the row to that one. */
  delta: number
}

/** Fragments listed at most. */
const LISTED = 100
/** A pong further away than so many rows is not looked for when a list is shown. */
export const PONG_REACH = 20_000

export function relatedTo(pages: Pages, row: Row): Related[] {
  const related: Related[] = []
  const add = (label: string, other: Row | null): void => {
    if (other) related.push({ label, seq: other.seq, delta: other.time - row.time })
  }
  switch (row.kind) {
    case 'http-request': {
      const answer = answerTo(pages, row)
      add('response', answer)
      add('poll', pollOf(pages, row, answer))
      break
    }
    case 'http-response': {
      const { requestSeq } = detailsOf(row, 'http-response')
      const request = requestSeq ? rowOf(pages, requestSeq) : null
      add('request', request)
      add('poll', pollOf(pages, request, row))
      break
    }
    case 'poll': {
      const { requestSeq, responseSeq } = detailsOf(row, 'poll')
      if (requestSeq) add('request', rowOf(pages, requestSeq))
      if (responseSeq) add('response', rowOf(pages, responseSeq))
      break
    }
    case 'ws-frame':
    case 'ws-message':
      if (row.code === OPCODE.ping && row.kind === 'ws-frame') add('pong', pongOf(pages, row))
      else if (row.code === OPCODE.pong && row.kind === 'ws-frame') add('ping', pingOf(pages, row))
      else if (row.code === OPCODE.close && row.kind === 'ws-frame') add('close', otherClose(pages, row))
      else addFragments(pages, row, add)
  }
  return related
}

function addFragments(pages: Pages, row: Row, add: (label: string, other: Row | null) => void): void {
  const fragments = fragmentsOf(pages, row)
  if (!fragments) return
  const { frames, complete } = fragments
  for (const [i, seq] of frames.slice(0, LISTED).entries())
    if (seq !== row.seq) add(complete ? `fragment ${i + 1}/${frames.length}` : `fragment ${i + 1}`, rowOf(pages, seq))
  if (row.kind === 'ws-frame') add('message', messageOf(pages, row, fragments))
}

/** The row of the whole message that a fragment is part of. */
export function messageOf(pages: Pages, row: Row, fragments = fragmentsOf(pages, row)): Row | null {
  const last = fragments?.frames.at(-1)
  if (!fragments?.complete || last === undefined) return null
  return find(pages, last + 1, 1, ({ narrow }, i) => {
    if (narrow.connection[i] !== row.connection || narrow.from[i] !== row.sender) return false
    return narrow.kind[i] === KIND['ws-message'] ? true : null // it follows its last frame, or there is none
  })
}

/** The final answer to a request; failing that, an interim one. */
export function answerTo(pages: Pages, request: Row): Row | null {
  let interim: Row | null = null
  const final = find(pages, request.seq + 1, 1, (page, i) => {
    if (page.narrow.connection[i] !== request.connection || page.narrow.kind[i] !== KIND['http-response']) return false
    const answer = rowAt(page, i)
    if (detailsOf(answer, 'http-response').requestSeq !== request.seq) return false
    const isFinal = answer.code >= 200 || answer.code === 101
    if (!isFinal) interim = answer
    return isFinal
  })
  return final ?? interim
}

function pollOf(pages: Pages, request: Row | null, answer: Row | null): Row | null {
  const from = answer ?? request
  if (!from) return null
  return find(pages, from.seq + 1, 1, (page, i) => {
    if (page.narrow.connection[i] !== from.connection) return false
    if (page.narrow.kind[i] === KIND['poll'])
      return detailsOf(rowAt(page, i), 'poll').requestSeq === (request?.seq ?? -1)
    // The next request on the connection: this one was no poll.
    return page.narrow.kind[i] === KIND['http-response'] && page.firstSeq + i !== answer?.seq && answer ? null : false
  })
}

/** The ping that a pong answers. */
export const pingOf = (pages: Pages, pong: Row): Row | null => partner(pages, pong, OPCODE.ping, -1)

export const pongOf = (pages: Pages, ping: Row): Row | null => partner(pages, ping, OPCODE.pong, 1)

function partner(pages: Pages, row: Row, opcode: number, step: 1 | -1): Row | null {
  const payload = Buffer.from(contentOf(pages, row))
  return find(
    pages,
    row.seq + step,
    step,
    (page, i) => {
      const { narrow } = page
      if (narrow.code[i] !== opcode || narrow.kind[i] !== KIND['ws-frame']) return false
      if (narrow.connection[i] !== row.connection || narrow.from[i] === row.sender) return false
      if (page.wide.payloadLength[i] !== row.payloadLength) return false
      return payload.equals(contentOf(pages, rowAt(page, i)))
    },
    PONG_REACH,
  )
}

/** The close frame of the other side. */
function otherClose(pages: Pages, close: Row): Row | null {
  const isOther = ({ narrow }: PageView, i: number): boolean =>
    narrow.connection[i] === close.connection &&
    narrow.from[i] !== close.sender &&
    narrow.kind[i] === KIND['ws-frame'] &&
    narrow.code[i] === OPCODE.close
  return find(pages, close.seq + 1, 1, isOther) ?? find(pages, close.seq - 1, -1, isOther)
}

/** A frame that is part of a message of several. */
export const isFragment = (row: Row): boolean =>
  row.kind === 'ws-frame' &&
  (row.code === OPCODE.continuation || (row.code <= OPCODE.binary && (row.flags & FLAG.fin) === 0))
