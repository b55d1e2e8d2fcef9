/**
 * HTTP/1.1 for the probes: undici on tapped sockets. Follows redirects, keeps one connection per origin alive,
 * hands out bodies as they arrive. Knows no technique; nothing that it reads is held longer than a call.
 *
 * Requests are dispatched with a handler that never pauses: undici answers a pause by pushing bytes back into the
 * socket, and a tap would see them twice. Back-pressure comes from the tap itself (its hold stops the reading).
 */
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { DEFAULT_LIMITS, type Limits } from '../../preload/contract/index.ts'
import { createDialer, type Dialer, type DialerOptions } from './dial.ts'
import { createTrouble, troubleError } from './failure.ts'
import { basicAuthorization, mergeHeaders, type HeaderList } from './headers.ts'
import { redirectedAsk } from './redirect.ts'

export interface Ask {
  url: URL
  method: string
  headers: HeaderList
  body: string | null
  /** ms until the head of the answer must be there; 0 waits for ever. */
  answerTimeout: number
  /** ms of silence inside a body; 0 waits for ever. */
  bodyTimeout: number
}

export interface AnswerHead {
  status: number
  reason: string
  /** Names in lower case; the form on the wire is in the rows. */
  headers: IncomingHttpHeaders
  /** After redirects. */
  url: URL
  redirected: boolean
}

export interface AnswerListener {
  head?(head: AnswerHead): void
  /** A piece of the body without its transfer coding; content codings are left as they are. */
  data?(chunk: Buffer): void
}

export interface Transport {
  /** Resolves when the answer is complete; rejects with what went wrong, or when `signal` aborted it. */
  ask(ask: Ask, listener: AnswerListener, signal?: AbortSignal): Promise<AnswerHead>
  readonly dialer: Dialer
  /** Ends every connection at once; resolves when their last bytes are recorded. */
  close(): Promise<void>
}

export interface TransportOptions extends DialerOptions {
  limits?: Limits
}

/** ms an idle connection is kept; the server's own Keep-Alive hint goes first. */
const KEEP_ALIVE = 60_000
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
/** What of a redirect's own body is waited for: bytes and ms. */
const REDIRECT_BODY = { bytes: 65_536, time: 1_000 }

export function createTransport(options: TransportOptions): Transport {
  const limits = options.limits ?? DEFAULT_LIMITS
  const dialer = createDialer(options)
  let target: URL | null = null
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: limits.headBytes,
    keepAliveTimeout: KEEP_ALIVE,
    connect: (to, callback) =>
      dialer.dial(target ?? new URL(`${to.protocol}//${to.host ?? to.hostname}`), (error, socket) =>
        error || !socket ? callback(error ?? new Error('no socket'), null) : callback(null, socket),
      ),
  })

  const once = async (ask: Ask, listener: AnswerListener, signal: AbortSignal): Promise<AnswerHead> => {
    target = ask.url
    const head = await dispatch(agent, ask, listener, signal)
    // undici takes a reset for the end of an answer that the end of the connection ends; where it ends the connection
    // itself, behind the last answer, the socket has an error of another code.
    const error: NodeJS.ErrnoException | null = dialer.socketError()
    if (error?.code === 'ECONNRESET') throw error
    return head
  }

  /** A kept connection may be closed by the server just as it is used again: that request is asked once more. */
  const patiently = async (ask: Ask, listener: AnswerListener, signal: AbortSignal): Promise<AnswerHead> => {
    const before = dialer.opened()
    let answered = false
    const watched: AnswerListener = {
      head(head) {
        answered = true
        listener.head?.(head)
      },
      data: (chunk) => listener.data?.(chunk),
    }
    try {
      return await once(ask, watched, signal)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const kept = before > 0 && dialer.opened() === before
      const stale = kept && !answered && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
      if (!stale || signal.aborted || !IDEMPOTENT.has(ask.method)) throw error
      return once(ask, listener, signal)
    }
  }

  /** One hop: its answer, or what to ask instead. */
  const hop = async (
    ask: Ask,
    listener: AnswerListener,
    signal: AbortSignal | undefined,
  ): Promise<AnswerHead | Ask> => {
    const leave = new AbortController()
    let next: Ask | null = null
    let timer: NodeJS.Timeout | undefined
    let read = 0
    const asking = patiently(
      ask,
      {
        head(head) {
          next = redirectedAsk(ask, head)
          if (next) timer = setTimeout(() => leave.abort(), REDIRECT_BODY.time)
          else listener.head?.(head)
        },
        data(chunk) {
          if (!next) return listener.data?.(chunk)
          read += chunk.length
          if (read > REDIRECT_BODY.bytes) leave.abort()
        },
      },
      signal ? AbortSignal.any([signal, leave.signal]) : leave.signal,
    )
    try {
      const head = await asking
      return next ?? head
    } catch (error) {
      if (next && !signal?.aborted) return next
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    dialer,
    async ask(first, listener, signal) {
      const login = basicAuthorization(first.url)
      let ask = login ? { ...first, headers: mergeHeaders(first.headers, [login]) } : first
      for (let hops = 0; hops <= limits.redirects; hops += 1) {
        const redirected = hops > 0
        const tell: AnswerListener = {
          head: (head) => listener.head?.({ ...head, redirected }),
          data: (chunk) => listener.data?.(chunk),
        }
        const answer = await hop(ask, tell, signal)
        if ('status' in answer) return { ...answer, redirected }
        ask = answer
      }
      throw troubleError(
        createTrouble(
          'http-redirects',
          `More than ${limits.redirects} redirects; the last one points to ${ask.url.href}.`,
          'The addresses seem to point at each other; each hop is in the rows.',
        ),
      )
    },
    async close() {
      const idle = agent.destroy().catch(() => undefined)
      dialer.destroy() // sockets that are still connecting are not known to undici
      await idle
      await dialer.closed()
    },
  }
}

/** One request over undici. Never throws; a request that cannot be written rejects. */
function dispatch(agent: Agent, ask: Ask, listener: AnswerListener, signal: AbortSignal): Promise<AnswerHead> {
  return new Promise((resolve, reject) => {
    let head: AnswerHead | null = null
    let abort: (() => void) | null = null
    const stop = (): void => abort?.()
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', stop)
      finish()
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = () => controller.abort(abortion())
        if (signal.aborted) abort()
      },
      onResponseStart(_, status, headers, reason) {
        if (status < 200) return
        head = { status, reason: reason ?? '', headers, url: ask.url, redirected: false }
        listener.head?.(head)
      },
      onResponseData: (_, chunk) => listener.data?.(chunk),
      onResponseEnd: () => settle(() => (head ? resolve(head) : reject(abortion()))),
      onResponseError: (_, error) => settle(() => reject(head ? cut(error) : error)),
    }
    if (signal.aborted) return reject(abortion())
    signal.addEventListener('abort', stop, { once: true })
    const { url } = ask
    try {
      agent.dispatch(
        {
          origin: `${url.protocol === 'wss:' || url.protocol === 'https:' ? 'https:' : 'http:'}//${url.host}`,
          path: url.pathname + url.search,
          method: ask.method as Dispatcher.HttpMethod,
          headers: ask.headers.flat(),
          body: ask.body,
          headersTimeout: ask.answerTimeout,
          bodyTimeout: ask.bodyTimeout,
        },
        handler,
      )
    } catch (error) {
      settle(() => reject(error as Error))
    }
  })
}

/** undici tells what happened alike before the answer and inside it; failure.ts tells them apart. */
function cut(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code === 'UND_ERR_SOCKET') return inAnswer(error, 'ANSWER_CUT')
  // Behind the head stand chunks, which the parser names, and trailers, which it takes for headers.
  if (error.name !== 'HTTPParserError' || error.message.includes(' chunk ')) return error
  return inAnswer(error, error.message.includes("can't be present") ? 'TRAILER_FORBIDDEN' : 'TRAILER_BROKEN')
}

const inAnswer = (cause: Error, code: string): Error =>
  Object.assign(new Error('The answer was cut.', { cause }), { code })

const abortion = (): Error => Object.assign(new Error('Aborted by the probe.'), { name: 'AbortError' })
