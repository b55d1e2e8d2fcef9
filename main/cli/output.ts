/**
 * Where rows go: stdout or a file, line by line, never faster than the reader takes them. Words for people go to
 * stderr. A reader that went away (`| head`) is an end, not a fault.
 */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setImmediate as breath } from 'node:timers/promises'
import { fail, ok, type Result } from '../../preload/contract/index.ts'

export interface Output {
  /** Resolves when there is room for more. After `gone`, does nothing. */
  write(text: string): Promise<void>
  /** Aborted when nobody reads any more, or writing fails. */
  readonly gone: AbortSignal
  /** The sentence for a failed write; empty when it went well or the reader just left. */
  readonly problem: string
  /** Resolves when all is written, or cannot be; `problem` is known then. Stdout stays open. */
  end(): Promise<void>
}

let heard = false

/** One sentence for people. Rows go on where nobody hears it: `2>&1 | head -1`, a full disk. */
export function say(sentence: string): void {
  if (!heard) process.stderr.on('error', () => undefined)
  heard = true
  process.stderr.write(`${sentence}\n`)
}

/** One thing on stdout; false, with a sentence, where it could not be written. */
export async function print(text: string): Promise<boolean> {
  const out = createOutput(process.stdout, 'stdout')
  await out.write(`${text}\n`)
  await out.end()
  if (out.problem) say(out.problem)
  return out.problem === ''
}

/** Opens a file for writing, or stdout for null. */
export async function openOutput(file: string | null): Promise<Result<Output>> {
  if (file === null) return ok(createOutput(process.stdout, 'stdout'))
  const stream = createWriteStream(file)
  try {
    await once(stream, 'open')
    return ok(createOutput(stream, file))
  } catch (error) {
    return fail('read-only', `${file} cannot be written (${codeOf(error)}).`)
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)

export function createOutput(stream: Writable, name: string): Output {
  const gone = new AbortController()
  let problem = ''
  stream.on('error', (error) => {
    if (gone.signal.aborted) return
    if (codeOf(error) !== 'EPIPE') problem = `${name} cannot be written (${codeOf(error)}).`
    gone.abort()
  })
  return {
    gone: gone.signal,
    get problem() {
      return problem
    },
    async write(text) {
      if (gone.signal.aborted || stream.destroyed) return
      if (!stream.write(text)) await once(stream, 'drain', { signal: gone.signal }).catch(() => undefined)
    },
    async end() {
      if (gone.signal.aborted) return
      if (stream === process.stdout) {
        await new Promise<void>((resolve) => stream.write('', () => resolve()))
        return breath() // the error of a write is told after its callback
      }
      stream.end()
      await once(stream, 'close', { signal: gone.signal }).catch(() => undefined)
    },
  }
}
