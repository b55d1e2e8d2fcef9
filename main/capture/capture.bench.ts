/**
 * A capture of 1,000,000 rows: opening it, jumping to any row, filtering, searching. The capture is made of real
 * frames through the real recorder; every answer is counted, so that no work can be left out.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import { DEFAULT_LIMITS, type Filter } from '../../preload/contract/index.ts'
import { createCapture, openCapture, type CaptureReader } from './capture.ts'
import type { BenchRow } from '../protocol/testing/bench-row.ts'

const ROWS = 1_000_000
const RUNS = 7
const JUMPS = 200
const SCREEN = 60
/** Frames given to the recorder at once, as a socket would. */
const BURST = 900

export async function benchCapture(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-bench-'))
  try {
    const file = join(directory, 'million.pushscope')
    await makeCapture(file)
    return await measure(file)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Every fourth message is the client's; the rest is heads, and what is left over is cut from the last burst. */
async function makeCapture(file: string): Promise<void> {
  const capture = createCapture({
    file,
    limits: DEFAULT_LIMITS,
    meta: { id: 'bench', name: 'bench', url: 'ws://127.0.0.1/', technique: 'websocket', source: 'probe' },
  })
  const connection = capture.recorder.connection('websocket')
  let held = false
  connection.onHold((hold) => (held = hold))
  connection.bytes(0, Buffer.from(REQUEST))
  connection.bytes(1, Buffer.from(RESPONSE))
  let message = 0
  while (capture.reader.count < ROWS) {
    const burst = Math.min(BURST, ROWS - capture.reader.count)
    const isClient = message % (4 * BURST) >= 3 * BURST
    connection.bytes(isClient ? 0 : 1, frames(message, burst, isClient))
    message += burst
    do await breath()
    while (held)
  }
  await capture.close()
}

async function measure(file: string): Promise<BenchRow[]> {
  const open = await median(async () => {
    const reader = openCapture(file)
    if (reader.count !== ROWS || reader.summaries(0, ROWS - SCREEN, SCREEN).length !== SCREEN) throw new Error('rows')
    reader.close()
  })

  const reader = openCapture(file)
  const jumps: number[][] = Array.from({ length: JUMPS }, () => [])
  for (let run = 0; run < RUNS; run++) {
    for (const [i, times] of jumps.entries()) {
      const at = (i * 7_654_321) % (ROWS - SCREEN)
      const start = performance.now()
      const rows = reader.summaries(0, at, SCREEN)
      times.push(performance.now() - start)
      if (rows[0]?.seq !== at + 1 || rows.length !== SCREEN) throw new Error(`wrong rows at ${at}`)
    }
  }
  const jump = Math.max(...jumps.map(middle))

  const filter = await median(async () => {
    const found = await scan(reader, { ...ANY, kinds: ['ws-frame'], from: ['client'] })
    if (found < ROWS / 5 || found > ROWS / 3) throw new Error(`${found} rows found`)
  })
  const text = await median(async () => {
    const found = await scan(reader, { ...ANY, text: '"N":777777,' }) // found in any case
    if (found !== 1) throw new Error(`${found} rows found`)
  })
  reader.close()
  return [
    bound('open', open, 1_000),
    bound('jump to any of 200 rows, the slowest', jump, 50),
    bound('filter by kind and direction', filter, 200),
    bound('search text', text, 2_000),
  ]
}

const ANY: Filter = { from: [], kinds: [], opcodes: [], text: '', findings: false, connection: null }

/** Rows found once the whole capture is scanned. */
function scan(reader: CaptureReader, filter: Filter): Promise<number> {
  return new Promise((resolve) => {
    const view = reader.createView(filter, (view) => {
      if (view.scanned < ROWS) return
      reader.dropView(view.view)
      resolve(view.count)
    })
    if (view.scanned < ROWS) return
    reader.dropView(view.view)
    resolve(view.count)
  })
}

async function median(run: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return middle(times)
}

const middle = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!

const bound = (name: string, ours: number, peer: number): BenchRow => ({
  name: `1,000,000 rows: ${name}`,
  unit: 'ms',
  ours,
  peer,
  peerName: 'bound',
  ratio: peer / ours,
  goal: 1,
})

/** Text frames of 64 bytes of payload, masked when they are the client's. */
function frames(first: number, count: number, masked: boolean): Buffer {
  const header = masked ? 6 : 2
  const bytes = Buffer.alloc(count * (header + 64))
  for (let i = 0; i < count; i++) {
    const at = i * (header + 64)
    const text = `{"n":${first + i},"at":"2026-11-20T16:00:00.000Z","clock":"tick"}`.padEnd(64)
    bytes[at] = 0x81
    bytes[at + 1] = masked ? 0x80 | 64 : 64
    bytes.write(text, at + header, 'latin1')
    if (!masked) continue
    const key = Math.imul(first + i + 1, 0x9e3779b1) >>> 0
    bytes.writeUInt32LE(key, at + 2)
    for (let j = 0; j < 64; j++) bytes[at + header + j]! ^= (key >>> ((j & 3) * 8)) & 255
  }
  return bytes
}

const REQUEST =
  'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const RESPONSE =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
