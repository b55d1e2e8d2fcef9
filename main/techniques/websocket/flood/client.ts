/**
 * One client of the flood, as its own process, so that each is alone.
 *
 *   node client.ts bare|library|raw URL COUNT   prints {"seconds": …, "rows": …} when every message was there
 *
 * Shorter floods over connections of their own go ahead, the same for all and not counted: what is compared is how
 * fast they receive, not how fast V8 compiles them. Three, since V8 compiles a function anew when it is made again.
 * `bare` is the `ws` client that counts and stores nothing; `library` and `raw` are the probes, dissected and
 * stored, the time taken until the last row is in the file; afterwards every sequence number is looked for.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { DEFAULT_LIMITS, DEFAULT_REQUEST } from '../../../../preload/contract/index.ts'
import { createCapture, type CaptureReader } from '../../../capture/capture.ts'
import { createProbe } from '../../registry.ts'

const [mode, url, countText] = process.argv.slice(2) as [string, string, string]
const WARM_UP = 300_000
const WARM_UPS = 3

interface Run {
  seconds: number
  rows: number
}

function bare(url: string, count: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    let seen = 0
    let began = 0
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.on('open', () => (began = performance.now()))
    socket.on('message', () => seen++)
    socket.on('error', reject)
    socket.on('close', () => {
      if (seen === count) resolve({ seconds: (performance.now() - began) / 1_000, rows: seen })
      else reject(new Error(`${seen} of ${count} messages`))
    })
  })
}

async function probe(raw: boolean, url: string, count: number): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-flood-'))
  try {
    const capture = createCapture({
      file: join(directory, 'flood.pushscope'),
      limits: DEFAULT_LIMITS,
      meta: { id: 'flood', name: 'flood', url, technique: 'websocket', source: 'probe' },
    })
    let began = 0
    const running = createProbe({
      request: { ...DEFAULT_REQUEST, url, technique: 'websocket', raw, compression: false },
      recorder: capture.recorder,
      onState: (state) => {
        if (state === 'open') began = performance.now()
      },
    })
    await running.done
    await capture.flush()
    const seconds = (performance.now() - began) / 1_000
    const rows = count === WARM_UP ? capture.stats().messages : countInSequence(capture.reader)
    await capture.close()
    return { seconds, rows }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** How many messages are there, counted by the number inside; throws at the first gap. */
function countInSequence(reader: CaptureReader): number {
  let expected = 1
  for (let seq = 1; seq <= reader.count; seq += 10_000) {
    for (const line of reader.ndjson(seq, 10_000)) {
      const row = JSON.parse(line) as { kind: string; opcode?: number; text?: string }
      if (row.kind !== 'ws-frame' || row.opcode !== 1) continue
      const inside = (JSON.parse(row.text ?? '{}') as { seq?: number }).seq
      if (inside !== expected) throw new Error(`message ${expected} is missing, found ${inside}`)
      expected++
    }
  }
  return expected - 1
}

async function run(count: number): Promise<Run> {
  const address = new URL(String(count), url).href
  const result = mode === 'bare' ? await bare(address, count) : await probe(mode === 'raw', address, count)
  if (result.rows !== count) throw new Error(`${result.rows} of ${count} messages`)
  return result
}

for (let i = 0; i < WARM_UPS; i++) await run(WARM_UP)
const result = await run(Number(countText))
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exit(0)
