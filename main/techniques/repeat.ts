/**
 * The loop of the two polling techniques: ask, look at the answer, wait, ask again, never two at a time. What is
 * asked, what counts as news and how long to wait is the technique's (`Plan`).
 */
import type { Technique } from '../../preload/contract/index.ts'
import { fail } from '../../preload/contract/index.ts'
import { plainBody } from './coded.ts'
import { createTrouble, errorRow, placeOf, troubleOf, type Trouble } from './failure.ts'
import type { OpenAnswer } from './open-answer.ts'
import { backOff, createLife, pause } from './probe-life.ts'
import type { Probe, ProbeOptions } from './technique.ts'
import { createTransport, type AnswerHead, type Ask } from './transport.ts'

export interface Round {
  head: AnswerHead
  /** The body without its codings, at most its first MiB. */
  body: Buffer
  /** Bytes of the whole body, as it came. */
  length: number
  /** ms from asking to the end of the answer. */
  took: number
}

export interface Plan {
  technique: Technique
  ask(): Ask
  /** ms from the start of this round to the start of the next, or why the round failed. */
  judge(round: Round): number | Trouble
}

const KEPT = 1_048_576

export function createRepeatingProbe(options: ProbeOptions, plan: Plan, first: OpenAnswer | null): Probe {
  const { request, recorder } = options
  const url = new URL(request.url)
  const transport =
    first?.transport ?? createTransport({ recorder, technique: plan.technique, insecure: request.insecure })
  const stop = new AbortController()
  const life = createLife(options, async () => {
    stop.abort()
    first?.abort()
    await transport.close()
  })

  const round = async (open: OpenAnswer | null): Promise<Round> => {
    const startedAt = performance.now()
    const pieces: Buffer[] = []
    let length = 0
    const data = (chunk: Buffer): void => {
      if (length < KEPT) pieces.push(Buffer.from(chunk.subarray(0, KEPT - length))) // a piece is a view on a whole read
      length += chunk.length
    }
    const seen = (head: AnswerHead): void => {
      if (head.status < 400) life.to('open', sentence(head))
    }
    open?.listen(data)
    if (open) seen(open.head)
    const head = await (open ? open.done : transport.ask(plan.ask(), { head: seen, data }, stop.signal))
    return {
      head,
      body: plainBody(head.headers, Buffer.concat(pieces), KEPT),
      length,
      took: performance.now() - startedAt,
    }
  }

  const run = async (): Promise<void> => {
    let open = first
    let attempt = 0
    let answered = false
    while (!life.over) {
      const startedAt = performance.now()
      const trouble = await round(open).then(
        async (done): Promise<Trouble | null> => {
          const verdict = plan.judge(done)
          if (typeof verdict !== 'number') return verdict
          life.to('open', sentence(done.head))
          await pause(verdict - (performance.now() - startedAt), stop.signal)
          return null
        },
        (error: unknown) => troubleOf(error, url),
      )
      open = null
      if (life.over) return
      if (!trouble) {
        answered = true
        attempt = 0
        continue
      }
      // What never worked is not asked again: the address or the settings are wrong.
      if (!request.reconnect || !answered) return life.failed(trouble, transport.dialer.connection())
      attempt += 1
      const delay = backOff(attempt)
      const { message } = trouble.failure
      recorder.local(errorRow(trouble))
      recorder.local({ kind: 'reconnect', details: { attempt, delay, why: message } })
      life.to('waiting', `${message} Asking again in ${delay / 1_000} s.`)
      await pause(delay, stop.signal)
    }
  }

  life.to('connecting', `Asking ${placeOf(url)}.`)
  void run().catch((error: unknown) => life.failed(createTrouble(null, String(error)), null))
  return {
    get state() {
      return life.state
    },
    send: () => fail('cannot-send', 'This technique only asks; it cannot send messages.'),
    async close() {
      life.ended('')
      await life.done
    },
    done: life.done,
  }
}

const sentence = ({ status, reason }: AnswerHead): string => `HTTP ${status} ${reason}`.trim()
