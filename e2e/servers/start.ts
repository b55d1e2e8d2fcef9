/** Starts a server of this folder as a process of its own; it prints its port as its first line. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface ServerProcess {
  port: number
  process: ChildProcess
  /** Resolves when it is gone. */
  stop(): Promise<void>
}

export async function startServer(name: 'faye' | 'flood', args: readonly string[] = []): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const port = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => Number(line)),
    gone.then(([code]) => Promise.reject(new Error(`The server ${name} ended with exit code ${code}.`))),
  ])
  return {
    port,
    process: child,
    async stop() {
      child.kill()
      await gone
    },
  }
}
