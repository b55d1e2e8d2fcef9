/**
 * The probe for an endpoint whose technique is not known: makes one request, looks at the head of the answer, and
 * lets the right probe carry on with that very answer. A WebSocket endpoint is dialled again, for it needs a handshake.
 */
import { TECHNIQUE_LABELS, fail, type Technique } from '../../preload/contract/index.ts'
import { placeOf, troubleOf } from './failure.ts'
import { guessFromAnswer } from './guess.ts'
import { requestHeaders } from './headers.ts'
import type { OpenAnswer } from './open-answer.ts'
import { createLife } from './probe-life.ts'
import type { Outcome, Probe, ProbeOptions, ProbeState } from './technique.ts'
import { isRedirect } from './redirect.ts'
import { createTransport, type AnswerHead } from './transport.ts'

const ANSWER_TIMEOUT = 60_000
const ACCEPT = 'text/event-stream, */*'

/** Starts the probe for what was guessed, with these options; `answer` is null where a new connection is needed. */
export type StartGuessed = (options: ProbeOptions, technique: Technique, answer: OpenAnswer | null) => Probe

export function createGuessingProbe(given: ProbeOptions, start: StartGuessed): Probe {
  const { request, recorder } = given
  let state: ProbeState = 'connecting'
  const options: ProbeOptions = {
    ...given,
    onState(next, message) {
      state = next
      given.onState(next, message)
    },
  }
  const url = new URL(request.url)
  const transport = createTransport({
    recorder,
    technique: null,
    insecure: request.insecure,
    watch: (connection) => (status, headers) => {
      if (isRedirect(status, headers)) return false
      const { technique } = guessFromAnswer(status, headers)
      if (technique !== 'websocket') connection.technique(technique)
      return true
    },
  })
  const stop = new AbortController()
  let found: Probe | null = null
  let listen: ((chunk: Buffer) => void) | null = null
  let finish: (outcome: Outcome) => void = () => undefined
  const done = new Promise<Outcome>((resolve) => (finish = resolve))

  /** Until something is found. */
  const life = createLife(options, async () => {
    stop.abort()
    await transport.close()
  })
  void life.done.then((outcome) => found ?? finish(outcome))

  let settle: { resolve(head: AnswerHead): void; reject(error: Error): void } | null = null
  const whole = new Promise<AnswerHead>((resolve, reject) => (settle = { resolve, reject }))
  whole.catch(() => undefined) // nobody may be listening

  const seen = (head: AnswerHead): void => {
    if (life.over) return
    const { technique, why } = guessFromAnswer(head.status, head.headers)
    recorder.local({ kind: 'note', details: { text: `Taken for ${TECHNIQUE_LABELS[technique]}: ${why}.` } })
    const again = technique === 'websocket'
    if (!again) transport.dialer.technique(technique)
    const answer: OpenAnswer = {
      transport,
      head,
      listen: (data) => (listen = data),
      done: whole,
      abort: () => stop.abort(),
    }
    const probe = start(options, technique, again ? null : answer)
    found = probe
    const over = again ? transport.close() : Promise.resolve()
    void Promise.all([probe.done, over]).then(([outcome]) => finish(outcome))
  }

  life.to('connecting', `Asking ${placeOf(url)}.`)
  transport
    .ask(
      {
        url,
        method: request.method,
        headers: requestHeaders(request.headers, ACCEPT, request.body),
        body: request.body,
        answerTimeout: ANSWER_TIMEOUT,
        bodyTimeout: 0,
      },
      { head: seen, data: (chunk) => listen?.(chunk) },
      stop.signal,
    )
    .then(
      (head) => settle?.resolve(head),
      (error: Error) => {
        if (found) settle?.reject(error)
        else life.failed(troubleOf(error, url), transport.dialer.connection())
      },
    )

  return {
    get state() {
      return state
    },
    send: (message) =>
      found?.send(message) ??
      fail('not-connected', 'It is not known yet what this endpoint speaks.', 'Wait for its answer.'),
    async close() {
      if (found) await found.close()
      else life.ended('')
      await done
    },
    done,
  }
}
