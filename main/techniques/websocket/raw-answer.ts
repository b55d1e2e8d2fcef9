/** Reads the answer to an opening request: past 1xx, then the head, then, for a refusal, its body (only its end matters). */
import type { Limits, ResponseHead } from '../../../preload/contract/index.ts'
import { createBodyReader, type BodyReader } from '../../protocol/http/body.ts'
import { responseFraming } from '../../protocol/http/framing.ts'
import { createHeadReader, type HeadReader } from '../../protocol/http/head.ts'

/** Bytes of a refusal's body that are waited for. */
const BODY = 65_536
/** Interim answers (RFC 9110 15.2) before the final one. */
const INTERIM = 16

/**
 * `body`: the head of a refusal is there and its body is under way; `done`: nothing more belongs to it; `malformed`:
 * a line of the head is no header.
 */
export type AnswerState = 'reading' | 'body' | 'done' | 'not-http' | 'malformed' | 'too-large'

export interface AnswerReader {
  readonly state: AnswerState
  readonly head: ResponseHead
  /** Says how many bytes it took: behind a 101 come frames. */
  feed(chunk: Uint8Array): number
}

export function createAnswerReader(limits: Limits): AnswerReader {
  let reader: HeadReader<ResponseHead> = createHeadReader('response', limits)
  let body: BodyReader | null = null
  let state: AnswerState = 'reading'
  let interim = 0
  let length = 0

  const readBody = (chunk: Uint8Array, start: number): number => {
    const used = body?.feed(chunk, start) ?? 0
    length += used
    if (body?.state !== 'reading' || length > BODY) state = 'done'
    return start + used
  }

  const headDone = (): void => {
    const { status } = reader.head
    if (reader.findings.some(({ id }) => id === 'http-header-line')) {
      state = 'malformed'
    } else if (status === 101) {
      state = 'done'
    } else if (status >= 100 && status < 200) {
      interim += 1
      if (interim > INTERIM) state = 'not-http'
      else reader = createHeadReader('response', limits)
    } else {
      const { framing } = responseFraming(reader.head, 'GET')
      const empty = framing.kind === 'length' && framing.length === 0
      if (empty || framing.kind === 'none' || framing.kind === 'unknown') {
        state = 'done'
      } else {
        state = 'body'
        body = createBodyReader(framing, 0, limits, () => undefined)
      }
    }
  }

  return {
    get state() {
      return state
    },
    get head() {
      return reader.head
    },
    feed(chunk) {
      let at = 0
      while (state === 'reading' && at < chunk.length) {
        at += reader.feed(chunk, at)
        if (reader.state === 'done') headDone()
        else if (reader.state !== 'reading') state = reader.state
      }
      return state === 'body' ? readBody(chunk, at) : at
    },
  }
}
