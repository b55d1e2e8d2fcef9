/** Polling and long polling as a page does them: `fetch` again and again, with the cursor of the last answer. */
import { fail } from '../../preload/contract/index.ts'
import type { StartClient } from './client.ts'

/** After an error, before the next try, ms. */
const ERROR_WAIT = 1_000

export const startFetchPolling: StartClient = ({ technique, url, interval }, report) => {
  const abort = new AbortController()
  const { signal } = abort
  let next = url

  const poll = async (): Promise<boolean> => {
    const asked = performance.now()
    report('fetch', { text: `GET ${next}` })
    try {
      const response = await fetch(next, { signal, cache: 'no-cache' })
      const headed = performance.now() - asked
      const body = await response.text()
      const took = performance.now() - asked
      report('response', {
        text: `${response.status} ${response.statusText}, type ${response.type}, head after ${headed.toFixed(1)} ms, body after ${took.toFixed(1)} ms`,
        ...(body === '' ? {} : { data: body }),
      })
      next = withCursor(next, body)
      return true
    } catch (error) {
      if (!signal.aborted) report('error', { text: sentence(error) })
      return false
    }
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const fine = await poll()
      // Long polling asks again at once: the server is the one that waits.
      const wait = fine ? (technique === 'long-polling' ? 0 : interval) : ERROR_WAIT
      if (!signal.aborted && wait > 0) await sleep(wait, signal)
    }
  }
  const running = run()

  return {
    send: () => fail('cannot-send', 'Polling has no way to send on its connection.'),
    async close() {
      abort.abort()
      await running
      report('abort', { text: 'The page gave the request up.' })
    },
  }
}

/** `since` follows the answer's own sequence number, where both exist. */
function withCursor(url: string, body: string): string {
  const parsed = URL.parse(url)
  if (!parsed?.searchParams.has('since')) return url
  const seq = seqOf(body)
  if (seq === null) return url
  parsed.searchParams.set('since', String(seq))
  return parsed.href
}

function seqOf(body: string): number | null {
  try {
    const value: unknown = JSON.parse(body)
    const last: unknown = Array.isArray(value) ? value.at(-1) : value
    if (typeof last !== 'object' || last === null || !('seq' in last)) return null
    return typeof last.seq === 'number' ? last.seq : null
  } catch {
    return null
  }
}

const sentence = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
