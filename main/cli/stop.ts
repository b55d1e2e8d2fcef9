/**
 * When to end: a signal, or the end of whoever started us.
 *
 * Ctrl+C reaches every process of the terminal's group; `kill` on npm reaches npm alone, which passes it on to a shell
 * that may pass it on to nobody. So under npm the parent is watched too, and its going counts as a signal.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_CHECK = 500 // ms
/** One Ctrl+C arrives twice under npm: from the terminal, and from npm, which passes it on. */
const ECHO = 1_000 // ms

export interface Stopper {
  /** Aborted once the end was asked for; its reason is a word: `SIGINT`, `parent`, … */
  readonly signal: AbortSignal
  /** Resolves with that word. */
  readonly stopped: Promise<string>
  /** Ends by our own will. */
  stop(why: string): void
  /** Takes the handlers off again. */
  dispose(): void
}

export function createStopper(): Stopper {
  const controller = new AbortController()
  const stopped = new Promise<string>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(String(controller.signal.reason)), { once: true })
  })
  let first = 0
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      first = performance.now()
      controller.abort(name)
    } else if (performance.now() - first > ECHO) {
      process.exit(130) // a second Ctrl+C is impatience: what hangs is left behind
    }
  }
  for (const name of SIGNALS) process.on(name, onSignal)

  const parent = process.ppid
  const watch =
    process.env['npm_lifecycle_event'] === undefined
      ? null
      : setInterval(() => {
          if (process.ppid !== parent && !controller.signal.aborted) controller.abort('parent')
        }, PARENT_CHECK)
  watch?.unref()

  return {
    signal: controller.signal,
    stopped,
    stop: (why) => controller.abort(why),
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal)
      if (watch) clearInterval(watch)
    },
  }
}
