/**
 * Server-Sent Events on the `eventsource` package, with a fetch of our own on tapped sockets. The package decides
 * when to reconnect and what to say then; this file tells it as rows, and keeps refusals long enough to be read.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model
 */
import { EventSource, type FetchLike, type FetchLikeResponse } from 'eventsource'
import { DEFAULT_LIMITS, fail } from '../../../preload/contract/index.ts'
import { createTrouble, errorRow, placeOf, refusal, troubleOf, type Trouble } from '../failure.ts'
import { mediaType, mergeHeaders, requestHeaders, type HeaderList } from '../headers.ts'
import type { OpenAnswer } from '../open-answer.ts'
import { backOff, createLife, pause } from '../probe-life.ts'
import type { Probe, ProbeOptions } from '../technique.ts'
import { createTransport, type AnswerHead, type AnswerListener } from '../transport.ts'
import { createSsePosition } from './position.ts'
import { createPipe, decoded, responseOf, type Pipe } from './response.ts'

const ANSWER_TIMEOUT = 60_000
/** What of a refusal's body is waited for: bytes and ms. */
const REFUSAL = { bytes: 65_536, time: 2_000 }
/** ms until a reconnect when the stream names no time; every client takes three seconds. */
const DEFAULT_RETRY = 3_000
/** ms between two requests at least, whatever `retry` says. */
const PACE = 100
/** Attempts in a row at the stream's own time; later ones back off, as the specification allows. */
const PATIENT = 3
const LONGEST = 2_147_483_647
/** RFC 9110 5.5 */
const UNSENDABLE = /[\0-\x08\x0a-\x1f\x7f]/

export function createSseProbe(options: ProbeOptions, first: OpenAnswer | null = null): Probe {
  const { request, recorder } = options
  const url = new URL(request.url)
  // EventSource knows GET only; asking again with POST would do again what the first one did.
  const reconnects = request.reconnect && request.method === 'GET' && request.body === null
  const transport = first?.transport ?? createTransport({ recorder, technique: 'sse', insecure: request.insecure })
  const position = createSsePosition()
  const stop = new AbortController()
  let adopted = first
  let opened = false
  let attempt = 0
  let askedAt = 0
  let dueAt = 0
  let trouble: Trouble | null = null
  let awake: NodeJS.Timeout | undefined

  const life = createLife(options, async () => {
    clearTimeout(awake)
    stop.abort()
    source.close()
    first?.abort()
    await transport.close()
  })

  /** Last-Event-ID is the stream's as soon as it has set one; until then, the one that the user wrote. */
  const headersOf = (): HeaderList => {
    const id = position.lastEventId()
    const own = id === null ? request.headers : request.headers.filter(([name]) => !/^last-event-id$/i.test(name))
    const plain = mergeHeaders(requestHeaders(own, 'text/event-stream', request.body), [['Cache-Control', 'no-store']])
    if (id === null || id === '') return plain
    if (UNSENDABLE.test(id)) {
      const text = 'The last event ID has control characters, which no header may carry: it is not sent.'
      recorder.local({ kind: 'note', details: { text } })
      return plain
    }
    // HTML 9.2.4: its UTF-8 octets, one character each
    return [...plain, ['Last-Event-ID', Buffer.from(id, 'utf8').toString('latin1')]]
  }

  /** The request; resolves with the answer's head, its body to follow. */
  const ask = (headers: HeaderList, signal: AbortSignal): Promise<FetchLikeResponse> =>
    new Promise((resolve, reject) => {
      let body: ReturnType<typeof receive> | null = null
      const leave = new AbortController()
      let abort = (): void => leave.abort()
      const broken = (why: string): void => {
        trouble = createTrouble('http-content-coding', `The coded stream is broken: ${why}.`)
        body?.end(new Error(why)) // first, for the package takes an abortion as asked for
        abort()
      }
      const listener: Required<AnswerListener> = {
        head(head) {
          trouble = refusalOf(head)
          if (!trouble) {
            opened = true
            attempt = 0
            position.restart()
          }
          body = receive(head, trouble !== null, (chunk) => position.feed(chunk), broken, resolve)
        },
        data: (chunk) => body?.data(chunk),
      }
      let asking: Promise<unknown>
      if (adopted) {
        const open = adopted
        adopted = null
        abort = () => open.abort()
        open.listen(listener.data)
        listener.head(open.head)
        asking = open.done
      } else {
        const { method, body: content } = request
        asking = transport.ask(
          { url, method, headers, body: content, answerTimeout: ANSWER_TIMEOUT, bodyTimeout: 0 },
          listener,
          AbortSignal.any([signal, leave.signal]),
        )
      }
      asking.then(
        () => body?.end(null),
        (error: Error) => {
          if (!life.over && trouble === null) trouble = troubleOf(error, url)
          if (body) body.end(error)
          else reject(error)
        },
      )
    })

  const fetch: FetchLike = async (_, init) => {
    if (!adopted) await pause(dueAt - performance.now(), stop.signal)
    clearTimeout(awake)
    askedAt = performance.now()
    trouble = null
    life.to('connecting', `Asking ${placeOf(url)}.`)
    return ask(headersOf(), AbortSignal.any([init.signal as AbortSignal, stop.signal]))
  }

  const lost = (): void => {
    const why = trouble?.failure.message ?? 'The server ended the stream.'
    const connection = transport.dialer.connection()
    if (trouble && !opened) return life.failed(trouble, connection)
    if (trouble) (connection ?? recorder).local(errorRow(trouble))
    if (!reconnects) return life.ended(why)
    attempt += 1
    const now = performance.now()
    const wanted = Math.max(position.retry() ?? DEFAULT_RETRY, askedAt + PACE - now)
    const delay = Math.round(Math.min(LONGEST, Math.max(wanted, attempt > PATIENT ? backOff(attempt - PATIENT) : 0)))
    const lastEventId = position.lastEventId() ?? ''
    dueAt = now + delay
    awake = setTimeout(() => undefined, Math.min(LONGEST, delay + 1_000)) // the package's own timer lets a process end
    recorder.local({
      kind: 'reconnect',
      details: { attempt, delay, ...(lastEventId === '' ? {} : { lastEventId }), why },
    })
    life.to('waiting', `${why} Asking again in ${delay / 1_000} s.`)
  }

  const gaveUp = (): void => {
    const end =
      trouble ??
      createTrouble(
        'sse-event-limit',
        `An event grew past ${DEFAULT_LIMITS.sseEvent} bytes; the client gave up.`,
        'A blank line ends an event: look whether the server sends one.',
      )
    // 204 is how a server ends a stream for good (it may only come once the stream had been open).
    if (opened && end.finding === 'sse-no-content') life.ended(end.failure.message)
    else life.failed(end, transport.dialer.connection())
  }

  const source = new EventSource(url, { fetch, maxBufferSize: DEFAULT_LIMITS.sseEvent })
  source.addEventListener('open', () => life.to('open', 'Streaming.'))
  source.addEventListener('error', () => {
    if (life.over) return
    if (source.readyState === EventSource.CLOSED) gaveUp()
    else lost()
  })

  return {
    get state() {
      return life.state
    },
    send: () => fail('cannot-send', 'Server-Sent Events go one way: from the server.'),
    async close() {
      life.ended('')
      await life.done
    },
    done: life.done,
  }
}

/** Why an EventSource fails for good on that head; null when it opens. */
function refusalOf(head: AnswerHead): Trouble | null {
  if (head.status === 204) {
    return createTrouble('sse-no-content', 'HTTP 204 No Content: the server told the client to stop.', '', '204')
  }
  if (head.status !== 200) {
    return refusal(head.status, head.reason, '200 OK', head.status < 400 ? { finding: 'sse-status' } : {})
  }
  const type = mediaType(head.headers)
  if (type === 'text/event-stream') return null
  return createTrouble(
    'http-other-type',
    `The Content-Type is ${type || 'missing'} instead of text/event-stream.`,
    type === 'text/html' ? 'Try iframe streaming, or check the path.' : 'Check path and Accept, or try polling.',
  )
}

/** Takes a body: events at once, a refusal until it is complete or long enough, so that it is on the tap. */
function receive(
  head: AnswerHead,
  refused: boolean,
  feed: (chunk: Uint8Array) => void,
  broken: (why: string) => void,
  resolve: (response: FetchLikeResponse) => void,
): { data(chunk: Buffer): void; end(error: Error | null): void } {
  if (refused) {
    const give = (): void => {
      clearTimeout(timer)
      resolve(responseOf(head, null))
    }
    const timer = setTimeout(give, REFUSAL.time)
    let length = 0
    return {
      data(chunk) {
        length += chunk.length
        if (length > REFUSAL.bytes) give()
      },
      end: give,
    }
  }
  const plain = createPipe()
  const fed: Pipe = {
    ...plain,
    write(chunk) {
      feed(chunk)
      plain.write(chunk)
    },
  }
  const pipe = decoded(fed, head, broken)
  resolve(responseOf(head, pipe.reader))
  return {
    data: (chunk) => pipe.write(chunk),
    end: (error) => (error ? pipe.fail(error) : pipe.end()),
  }
}
