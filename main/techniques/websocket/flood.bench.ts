/**
 * A flood of 64 B messages from one server: received by a probe, dissected and stored, beside the `ws` client that
 * stores nothing. Server and clients are processes of their own; the runs alternate.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchRow } from '../../protocol/testing/bench-row.ts'

const COUNT = 1_000_000
const RUNS = 7

const path = (name: string): string => fileURLToPath(new URL(`./flood/${name}.ts`, import.meta.url))

/** Messages a second, medians. */
export async function benchFlood(): Promise<BenchRow[]> {
  const server = spawn(process.execPath, [path('server'), String(COUNT)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  try {
    const url = `ws://127.0.0.1:${(await firstLine(server)).trim()}/`
    const rates: Record<'bare' | 'library' | 'raw', number[]> = { bare: [], library: [], raw: [] }
    for (let run = 0; run < RUNS; run++) {
      for (const mode of ['bare', 'library', 'raw'] as const) rates[mode].push(await runClient(mode, url))
    }
    const peer = median(rates.bare)
    const row = (name: string, ours: number, goal: number): BenchRow => ({
      name,
      unit: 'messages/s',
      ours,
      peer,
      peerName: 'ws client, nothing stored',
      ratio: ours / peer,
      goal,
    })
    return [
      row('flood of 64 B messages, library probe, stored', median(rates.library), 0.7),
      row('flood of 64 B messages, raw probe, stored', median(rates.raw), 1.0),
    ]
  } finally {
    server.kill()
  }
}

async function runClient(mode: string, url: string): Promise<number> {
  const client = spawn(process.execPath, [path('client'), mode, url, String(COUNT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await firstLine(client)
  if (line === '') throw new Error(`the ${mode} client failed`)
  return COUNT / (JSON.parse(line) as { seconds: number }).seconds
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout!.setEncoding('utf8')
  const ended = once(child, 'exit')
  for (;;) {
    const chunk = (await Promise.race([once(child.stdout!, 'data'), ended])) as unknown[]
    if (typeof chunk[0] !== 'string') return text
    text += chunk[0]
    if (text.includes('\n')) return text
  }
}

const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!
