/** Runs a program and waits for it; none outlives us. */
import { spawn, type StdioOptions } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

const PATIENCE = 5_000 // ms between asking a child to end and ending it

export interface RunOptions {
  /** Ends the child when aborted. */
  signal: AbortSignal
  stdio?: StdioOptions
  env?: Record<string, string>
  /** ms; the child is ended when it takes longer. */
  limit?: number
}

export interface RunOutcome {
  /** null when it could not be started or was ended by a signal. */
  code: number | null
  /** One sentence; empty when it ended by itself with code 0. */
  problem: string
  /** ms. */
  took: number
}

/** Resolves when the child has ended; rejects never. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunOutcome> {
  const { signal, stdio = 'inherit', env = {}, limit } = options
  const started = performance.now()
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ code: null, problem: 'It was not started.', took: 0 })
    const child = spawn(command, args, { cwd: ROOT, stdio, env: { ...process.env, ...env } })
    let why = ''
    let force: NodeJS.Timeout | null = null
    const end = (reason: string): void => {
      why ||= reason
      child.kill('SIGTERM')
      force ??= setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    }
    const onAbort = (): void => end('It was stopped.')
    const onExit = (): void => void child.kill('SIGKILL')
    const timer = limit === undefined ? null : setTimeout(() => end(`It took longer than ${limit / 1_000} s.`), limit)
    signal.addEventListener('abort', onAbort)
    process.once('exit', onExit)

    const finish = (code: number | null, problem: string): void => {
      if (timer) clearTimeout(timer)
      if (force) clearTimeout(force)
      signal.removeEventListener('abort', onAbort)
      process.off('exit', onExit)
      resolve({ code, problem: why || problem, took: performance.now() - started })
    }
    child.once('error', (error) => finish(null, `It could not be started: ${error.message}`))
    child.once('close', (code, name) => {
      finish(code, code === 0 ? '' : name ? `It was ended by ${name}.` : `It ended with exit code ${code}.`)
    })
  })
}

/** Runs a JavaScript program that a package brings, on this very Node. */
export function runPackage(
  name: string,
  bin: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunOutcome> {
  return run(process.execPath, [binOf(name, bin), ...args], options)
}

function binOf(name: string, bin: string): string {
  const folder = join(ROOT, 'node_modules', name)
  const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const file = typeof bins === 'string' ? bins : bins[bin]
  if (file === undefined) throw new Error(`${name} brings no ${bin}.`)
  return join(folder, file)
}
