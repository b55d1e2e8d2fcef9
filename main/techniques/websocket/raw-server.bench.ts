/**
 * Messages echoed a second: the raw server beside a bare `ws` server, each a process of its own, under the same `ws`
 * client in this process. The runs alternate; medians. The client sends in bursts, each in one write: with a write for
 * each message it would take longer than either server, and be what is measured.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import type { BenchRow } from '../../protocol/testing/bench-row.ts'

const RUNS = 9
const KINDS = ['raw', 'ws'] as const

/** `burst`: messages that a connection sends in one go; two bursts are under way at once. */
const LOADS = [
  { name: '64 B, 1 connection', size: 64, connections: 1, burst: 16, messages: 96_000 },
  { name: '1 KiB, 1 connection', size: 1024, connections: 1, burst: 16, messages: 64_000 },
  { name: '64 B, 50 connections', size: 64, connections: 50, burst: 4, messages: 96_000 },
  { name: '1 KiB, 50 connections', size: 1024, connections: 50, burst: 4, messages: 64_000 },
] as const

type Load = (typeof LOADS)[number]

export async function benchEcho(): Promise<BenchRow[]> {
  const servers = KINDS.map((kind) =>
    spawn(process.execPath, [fileURLToPath(new URL('./echo-bench/server.ts', import.meta.url)), kind], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    }),
  )
  try {
    const urls = await Promise.all(servers.map(urlOf))
    const rows: BenchRow[] = []
    for (const load of LOADS) {
      const rates: number[][] = KINDS.map(() => [])
      // One round to warm up, which is not counted.
      for (let run = -1; run < RUNS; run++) {
        for (const [i, url] of urls.entries()) {
          const rate = await measure(url, load)
          if (run >= 0) rates[i]!.push(rate)
        }
      }
      const [ours, peer] = rates.map((all) => Math.round(median(all)))
      rows.push({
        name: `raw server echo, ${load.name}`,
        unit: 'messages/s',
        ours: ours!,
        peer: peer!,
        peerName: 'ws server',
        ratio: ours! / peer!,
        goal: 1,
      })
    }
    return rows
  } finally {
    for (const server of servers) server.kill()
  }
}

async function urlOf(server: ChildProcess): Promise<string> {
  const [port] = (await once(server.stdout!, 'data')) as [Buffer]
  return `ws://127.0.0.1:${String(port).trim()}/?clock=0&echo=1`
}

/** Messages a second. */
async function measure(url: string, { size, connections, burst, messages }: Load): Promise<number> {
  const payload = 'x'.repeat(size)
  const clients = Array.from({ length: connections }, () => {
    const tcp = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay()
    return { tcp, webSocket: new WebSocket(url, { perMessageDeflate: false, createConnection: () => tcp }) }
  })
  await Promise.all(clients.map(({ webSocket }) => once(webSocket, 'open')))
  let sent = 0
  let received = 0
  const start = process.hrtime.bigint()
  await new Promise<void>((resolve, reject) => {
    for (const { tcp, webSocket } of clients) {
      const send = (): void => {
        tcp.cork()
        for (let i = 0; i < burst && sent < messages; i++, sent++) webSocket.send(payload)
        tcp.uncork()
      }
      let back = 0
      webSocket.on('error', reject)
      webSocket.on('message', (data: Buffer) => {
        if (data.length !== size) return reject(new Error(`${data.length} bytes came back`))
        if (++received === messages) return resolve()
        if (++back % burst === 0) send()
      })
      send()
      send()
    }
  })
  const took = Number(process.hrtime.bigint() - start)
  await Promise.all(
    clients.map(({ webSocket }) => {
      webSocket.close()
      return once(webSocket, 'close')
    }),
  )
  return (messages / took) * 1e9
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!
