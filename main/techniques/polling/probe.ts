/**
 * Polling: the same request again and again, one interval after the start of the last, on a kept connection.
 * JSONP and one-shot iframe pages are polled the same way. No waiting on the server: that is long polling.
 */
import { headerOf, hasHeader, requestHeaders } from '../headers.ts'
import { refusal } from '../failure.ts'
import type { OpenAnswer } from '../open-answer.ts'
import { createRepeatingProbe } from '../repeat.ts'
import type { Probe, ProbeOptions } from '../technique.ts'

/** ms for head and for silence inside the body. */
const TIMEOUT = 30_000
/** Both are sent back, the server picks (RFC 9110 13.2.2). */
const VALIDATORS = [
  ['etag', 'If-None-Match'],
  ['last-modified', 'If-Modified-Since'],
] as const

export function createPollingProbe(options: ProbeOptions, first: OpenAnswer | null = null): Probe {
  const { request } = options
  const url = new URL(request.url)
  const headers = requestHeaders(request.headers, '*/*', request.body)
  const conditional = !hasHeader(headers, 'if-none-match') && !hasHeader(headers, 'if-modified-since')
  const known = new Map<string, string>()

  return createRepeatingProbe(
    options,
    {
      technique: 'polling',
      ask: () => ({
        url,
        method: request.method,
        headers: conditional ? [...headers, ...known] : headers,
        body: request.body,
        answerTimeout: TIMEOUT,
        bodyTimeout: TIMEOUT,
      }),
      judge({ head }) {
        if (head.status >= 300 && head.status !== 304) return refusal(head.status, head.reason, '200 OK')
        // RFC 9110 13.1.2: a 304 speaks of the version that we have; it may leave validators out.
        if (head.status !== 304) known.clear()
        for (const [validator, sentBack] of VALIDATORS) {
          const value = headerOf(head.headers, validator)
          if (value !== '') known.set(sentBack, value)
        }
        return Math.max(1, request.interval)
      },
    },
    first,
  )
}
