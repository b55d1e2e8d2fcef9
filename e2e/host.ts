/** The built command as processes of their own: what tests, benches and pictures drive. No browser here. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const ROOT = join(import.meta.dirname, '..')
const CLI = join(ROOT, 'out', 'main', 'cli.js')
const PATIENCE = 5_000 // ms between asking a process to end and ending it

/** Starts the browser host; resolves when it has printed its URL. Give the process to `end` afterwards. */
export async function startHost(
  dataDirectory: string,
  more: readonly string[] = [],
): Promise<{ url: string; process: ChildProcess }> {
  const child = startCli(['open', '--no-open', '--data', dataDirectory, ...more])
  const lines = createInterface({ input: child.stdout! })
  const url = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The host ended with exit code ${code}.`))),
  ])
  return { url, process: child }
}

/** The built command, as a user runs it. */
export function startCli(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Ends a process, gently first; resolves when it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  await gone
  clearTimeout(force)
}
