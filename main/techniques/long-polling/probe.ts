/**
 * Long polling: ask, wait until the server has news, ask again at once from where the news ended. The place is a
 * cursor in the URL when it has one, else the ETag and Last-Modified of the last answer (as nchan does it).
 */
import { hasHeader, headerOf, requestHeaders, type HeaderList } from '../headers.ts'
import { refusal } from '../failure.ts'
import type { OpenAnswer } from '../open-answer.ts'
import { createRepeatingProbe } from '../repeat.ts'
import type { Probe, ProbeOptions } from '../technique.ts'
import { cursorParameter, nextCursor } from './cursor.ts'

/** ms; servers hold a request for minutes. */
const ANSWER_TIMEOUT = 15 * 60_000
const BODY_TIMEOUT = 30_000
/** ms between two requests when the first brought nothing. */
const PACE = 100
/** Answers in a row that came at once and brought nothing, until the timeline says so. */
const HASTY = 5
/** 204 No Content, 304 Not Modified, 408 Request Timeout: the server held the request and had no news. */
const NO_NEWS = [204, 304, 408]

export function createLongPollingProbe(options: ProbeOptions, first: OpenAnswer | null = null): Probe {
  const { request, recorder } = options
  const url = new URL(request.url)
  const parameter = cursorParameter(url)
  const headers = requestHeaders(request.headers, '*/*', request.body)
  const conditional = !hasHeader(headers, 'if-none-match') && !hasHeader(headers, 'if-modified-since')
  let validators: HeaderList = []
  let lastBody: Buffer | null = null
  let hasty = 0

  /** Moves the cursor; true when it moved. */
  const advance = (body: Buffer): boolean => {
    const cursor = parameter === null ? null : nextCursor(body.toString('utf8'), parameter)
    if (parameter === null || cursor === null || url.searchParams.get(parameter) === cursor) return false
    url.searchParams.set(parameter, cursor)
    return true
  }
  /** Remembers ETag and Last-Modified; true when they changed. */
  const remember = (etag: string, modified: string): boolean => {
    const next: HeaderList = [
      ...(etag ? [['If-None-Match', etag] as const] : []),
      ...(modified ? [['If-Modified-Since', modified] as const] : []),
    ]
    const changed = next.length > 0 && String(next) !== String(validators)
    if (next.length > 0) validators = next
    return changed
  }

  return createRepeatingProbe(
    options,
    {
      technique: 'long-polling',
      ask: () => ({
        url: new URL(url),
        method: request.method,
        headers: conditional ? [...headers, ...validators] : headers,
        body: request.body,
        answerTimeout: ANSWER_TIMEOUT,
        bodyTimeout: BODY_TIMEOUT,
      }),
      judge({ head, body, length, took }) {
        if (head.status >= 300 && !NO_NEWS.includes(head.status)) return refusal(head.status, head.reason, '200 OK')
        const moved = remember(headerOf(head.headers, 'etag'), headerOf(head.headers, 'last-modified'))
        const advanced = advance(body)
        // Without a cursor every answer is the same question's: only what differs is news, and even that at a pace.
        const news = !NO_NEWS.includes(head.status) && length > 0 && (advanced || moved)
        const same = lastBody !== null && lastBody.equals(body)
        lastBody = body
        hasty = took < PACE && (!news || same) ? hasty + 1 : 0
        if (hasty === HASTY) {
          recorder.local({
            kind: 'note',
            details: { text: `Asking at most every ${PACE} ms: ${HASTY} answers in a row came at once without news.` },
            findings: [{ id: 'long-poll-not-held' }],
          })
        }
        return news && !same ? 0 : PACE
      },
    },
    first,
  )
}
