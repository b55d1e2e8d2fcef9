/**
 * Iframe streaming: one GET whose answer never ends, as a hidden iframe would ask it. Its scripts are read by the
 * dissector and never run. An iframe has no way of reconnecting, so the end of the page is the end of the session.
 */
import { fail } from '../../../preload/contract/index.ts'
import { errorRow, placeOf, refusal, troubleOf } from '../failure.ts'
import { mediaType, requestHeaders } from '../headers.ts'
import type { OpenAnswer } from '../open-answer.ts'
import { createLife } from '../probe-life.ts'
import type { Probe, ProbeOptions } from '../technique.ts'
import { createTransport, type AnswerHead } from '../transport.ts'

const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const ANSWER_TIMEOUT = 30_000

export function createIframeStreamProbe(options: ProbeOptions, first: OpenAnswer | null = null): Probe {
  const { request, recorder } = options
  const url = new URL(request.url)
  const transport =
    first?.transport ?? createTransport({ recorder, technique: 'iframe-stream', insecure: request.insecure })
  const stop = new AbortController()
  const life = createLife(options, async () => {
    stop.abort()
    first?.abort()
    await transport.close()
  })
  let opened = false

  const seen = (head: AnswerHead): void => {
    if (head.status >= 300) return
    opened = true
    const type = mediaType(head.headers)
    life.to(
      'open',
      type === 'text/html' ? 'Streaming.' : `Streaming ${type || 'no Content-Type'}, which an iframe does not run.`,
    )
  }

  const run = async (): Promise<void> => {
    if (first) seen(first.head)
    const ask = {
      url,
      method: request.method,
      headers: requestHeaders(request.headers, ACCEPT, request.body),
      body: request.body,
      answerTimeout: ANSWER_TIMEOUT,
      bodyTimeout: 0, // silence is normal between two scripts
    }
    try {
      const head = await (first?.done ?? transport.ask(ask, { head: seen }, stop.signal))
      if (opened) life.ended('The server ended the page.')
      else life.failed(refusal(head.status, head.reason, '200 OK'), transport.dialer.connection())
    } catch (error) {
      if (life.over) return
      const trouble = troubleOf(error, url)
      const connection = transport.dialer.connection()
      if (!opened) return life.failed(trouble, connection)
      ;(connection ?? recorder).local(errorRow(trouble))
      life.ended(trouble.failure.message)
    }
  }

  life.to('connecting', `Asking ${placeOf(url)}.`)
  void run()
  return {
    get state() {
      return life.state
    },
    send: () => fail('cannot-send', 'An iframe stream goes one way: from the server.'),
    async close() {
      life.ended('')
      await life.done
    },
    done: life.done,
  }
}
