/**
 * The engine's process: started, watched, and started again when it dies, slower each time. Knows of `electron` only
 * what a child process looks like, so that tests can play one.
 */
import type { MessagePortMain } from 'electron'

const FIRST_WAIT = 250 // ms
const LONGEST_WAIT = 10_000 // ms
/** A process that lived so long was well; its end counts as the first one again. */
const WELL = 30_000 // ms
const LAST_WORDS = 3_000 // ms to write what is open

/** What is said to the engine's process; the port goes with it. */
export interface WindowMessage {
  type: 'window'
  /** Why the engine that this window talked to before has gone; empty for a window's first port. */
  restarted: string
}
export interface CloseMessage {
  type: 'close'
}

/** A UtilityProcess, as far as it is used. */
export interface EngineChild {
  postMessage(message: WindowMessage | CloseMessage, transfer?: MessagePortMain[]): void
  once(event: 'spawn', listener: () => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
  /** V8 gave up, of memory mostly; `exit` follows. Without a listener the event would throw in the main process. */
  on(event: 'error', listener: (type: string, location: string) => void): unknown
  kill(): boolean
}

export interface EngineProcessOptions {
  fork(): EngineChild
  /** It runs: ports may be given to it. */
  onUp(): void
  /** It died by itself; `reason` is a sentence. It will be up again. */
  onDown(reason: string): void
  now?(): number
  later?(call: () => void, ms: number): void
}

export interface EngineProcess {
  readonly up: boolean
  /** Gives the port to the engine; false when it does not run. */
  give(port: MessagePortMain, restarted: string): boolean
  /** Asks it to end; resolves when it is gone. */
  stop(): Promise<void>
}

export function createEngineProcess({
  fork,
  onUp,
  onDown,
  now = Date.now,
  later = (call, ms) => void setTimeout(call, ms),
}: EngineProcessOptions): EngineProcess {
  let child: EngineChild | null = null
  let up = false
  let wait = FIRST_WAIT
  let stopped: (() => void) | null = null
  let fault = ''

  const start = (): void => {
    if (stopped) return
    const started = now()
    fault = ''
    child = fork()
    child.on('error', (type, location) => (fault = `${type} in ${location}`))
    child.once('spawn', () => {
      up = true
      onUp()
    })
    child.once('exit', (code) => {
      child = null
      up = false
      if (stopped) return stopped()
      if (now() - started >= WELL) wait = FIRST_WAIT
      later(start, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
      onDown(`The engine ended unexpectedly (${fault || `exit code ${code}`}) and is started again.`)
    })
  }
  start()

  return {
    get up() {
      return up
    },
    give(port, restarted) {
      if (!up || !child) return false
      child.postMessage({ type: 'window', restarted }, [port])
      return true
    },
    stop: () =>
      new Promise((resolve) => {
        stopped = resolve
        if (!child) return resolve()
        const dying = child
        if (up) dying.postMessage({ type: 'close' })
        else dying.kill()
        later(() => {
          if (child === dying) dying.kill()
        }, LAST_WORDS)
      }),
  }
}
