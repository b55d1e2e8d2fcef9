/**
 * Frames a second: the dissector with every column of the row filled and text checked as UTF-8, beside the Receiver
 * of `ws` (which assembles messages and checks text as well), without and with its native addons. Both get the same
 * stream in chunks of 64 KiB as a socket gives it, copied afresh for each run since `ws` unmasks in place (the copying
 * is not counted); both count what they saw. The runs alternate; medians.
 */
import { randomFillSync } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'
import { DEFAULT_LIMITS, KIND } from '../../../preload/contract/index.ts'
import type { RowSink } from '../row-sink.ts'
import { createDeflater } from './deflate.ts'
import { createWebSocketDissector } from './dissector.ts'
import type { DeflateParameters } from './extensions.ts'
import { encodeFrame } from './frame.ts'
import type { BenchRow } from '../testing/bench-row.ts'

const RUNS = 15
const CHUNK = 64 * 1024

interface Load {
  name: string
  size: number
  frames: number
  masked: boolean
  deflate: DeflateParameters | null
  /** Least ratios: beside `ws` alone, beside `ws` with bufferutil. */
  goals: readonly [number, number]
  /** Characters that the text is made of. */
  letters: string
}

const DEFLATE: DeflateParameters = {
  clientNoContextTakeover: false,
  serverNoContextTakeover: false,
  clientMaxWindowBits: 15,
  serverMaxWindowBits: 15,
}

const load = (name: string, size: number, frames: number, more: Partial<Load> = {}): Load => ({
  name,
  size,
  frames,
  masked: true,
  deflate: null,
  goals: [1, 1],
  letters: '{"seq":410,"at":1795198451901,"text":"tick"}',
  ...more,
})

const LOADS: readonly Load[] = [
  load('masked 64 B', 64, 100_000, { goals: [2, 1] }),
  load('masked 1 KiB', 1024, 20_000, { goals: [2, 1] }),
  load('masked 64 KiB', 65_536, 500, { goals: [3, 1] }),
  load('masked 1 KiB, not ASCII', 1024, 20_000, { letters: 'größer als дом 漢字, ' }),
  load('unmasked 64 B', 64, 100_000, { masked: false }),
  load('unmasked 1 KiB', 1024, 20_000, { masked: false }),
  load('unmasked 64 KiB', 65_536, 500, { masked: false }),
  load('compressed 1 KiB', 1024, 4_000, { masked: false, deflate: DEFLATE }),
]

interface Stream {
  bytes: Buffer
  frames: number
  deflate: DeflateParameters | null
  masked: boolean
}

function createStream({ size, frames, masked, deflate, letters }: Load): Stream {
  const deflater = deflate && createDeflater(15, true)
  const keys = randomFillSync(new Int32Array(frames))
  const repeated = Buffer.from(letters.repeat(Math.ceil(size / letters.length)))
  const parts = Array.from({ length: frames }, (_, i) => {
    const text = wholeText(repeated, size)
    text.write(String(i).padStart(9, '0'), 0)
    const payload = deflater ? deflater.deflate(text) : text
    return encodeFrame({ opcode: 1, payload, rsv: deflater ? 4 : 0, ...(masked ? { key: keys[i]! | 1 } : {}) })
  })
  return { bytes: Buffer.concat(parts), frames, deflate, masked }
}

/** `size` bytes of it that end between characters; what is missing is filled with dots. */
function wholeText(repeated: Buffer, size: number): Buffer {
  const text = Buffer.from(repeated.subarray(0, size))
  for (let end = size; (repeated[end] ?? 0) >> 6 === 2;) text[--end] = 0x2e
  return text
}

/**
 * Hands out chunks, each a fresh copy made just before, as a socket's read does; the time that takes is not counted.
 * Answers the ns that the rest took.
 */
async function timed({ bytes }: Stream, feed: (chunk: Buffer) => void, done: () => Promise<void>): Promise<number> {
  let copying = 0n
  const start = process.hrtime.bigint()
  for (let i = 0; i < bytes.length; i += CHUNK) {
    const before = process.hrtime.bigint()
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, bytes.length - i))
    bytes.copy(chunk, 0, i)
    copying += process.hrtime.bigint() - before
    feed(chunk)
  }
  await done()
  return Number(process.hrtime.bigint() - start - copying)
}

/** Pages of columns, as the capture keeps them: every value of every row is written. */
function createColumnSink(): RowSink & { readonly rows: number } {
  const ROWS = 4096
  const at = new Float64Array(ROWS)
  const connection = new Uint32Array(ROWS)
  const from = new Uint8Array(ROWS)
  const kind = new Uint8Array(ROWS)
  const flags = new Uint16Array(ROWS)
  const code = new Uint16Array(ROWS)
  const wireOffset = new Float64Array(ROWS)
  const wireLength = new Float64Array(ROWS)
  const payloadLength = new Float64Array(ROWS)
  const detail = new Uint32Array(ROWS)
  let rows = 0
  return {
    get rows() {
      return rows
    },
    row(time, sender, kindCode, flagBits, codeValue, offset, length, payload) {
      const i = rows & (ROWS - 1)
      at[i] = time
      connection[i] = 1
      from[i] = sender
      kind[i] = kindCode
      flags[i] = flagBits
      code[i] = codeValue
      wireOffset[i] = offset
      wireLength[i] = length
      payloadLength[i] = payload
      detail[i] = 0
      if (kindCode !== KIND['ws-frame']) throw new Error('an unexpected row')
      return ++rows
    },
    details: () => undefined,
    finding(id) {
      throw new Error(`an unexpected finding: ${id}`)
    },
    content: (bytes) => void contentBytes.set(bytes.subarray(0, contentBytes.length)),
  }
}
const contentBytes = new Uint8Array(CHUNK)

async function runOurs(stream: Stream): Promise<number> {
  const sink = createColumnSink()
  const dissector = createWebSocketDissector(sink, { deflate: stream.deflate }, DEFAULT_LIMITS, [0, 0])
  const from = stream.masked ? 0 : 1
  let at = 0
  return timed(
    stream,
    (chunk) => dissector.feed(from, chunk, ++at),
    async () => {
      if (sink.rows !== stream.frames) throw new Error(`${sink.rows} rows of ${stream.frames} frames`)
    },
  )
}

interface Ws {
  Receiver: new (options: Record<string, unknown>) => Writable
  PerMessageDeflate: new () => { accept(offers: object[]): unknown }
}

/** A module instance of its own: `ws` looks for its addons once, when it is loaded. */
function loadWs(native: boolean): Ws {
  const require = createRequire(import.meta.url)
  const folder = require.resolve('ws').replace(/index\.js$/, '')
  for (const path of Object.keys(require.cache))
    if (path.startsWith(folder)) Reflect.deleteProperty(require.cache, path)
  const names = ['WS_NO_BUFFER_UTIL', 'WS_NO_UTF_8_VALIDATE']
  const before = names.map((name) => process.env[name])
  for (const name of names) {
    if (native) Reflect.deleteProperty(process.env, name)
    else process.env[name] = '1'
  }
  try {
    return require('ws') as Ws
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = before[i]
    })
    for (const path of Object.keys(require.cache))
      if (path.startsWith(folder)) Reflect.deleteProperty(require.cache, path)
  }
}

async function runWs(ws: Ws, stream: Stream): Promise<number> {
  const deflate = new ws.PerMessageDeflate()
  deflate.accept([{}])
  const receiver = new ws.Receiver({
    isServer: stream.masked,
    extensions: stream.deflate ? { 'permessage-deflate': deflate } : {},
  })
  let messages = 0
  const done = new Promise<void>((resolve, reject) => {
    receiver.on('error', reject)
    receiver.on('message', () => {
      if (++messages === stream.frames) resolve()
    })
  })
  return timed(
    stream,
    (chunk) => receiver.write(chunk),
    () => done,
  )
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!

export async function benchFrames(): Promise<BenchRow[]> {
  const plain = loadWs(false)
  const native = loadWs(true)
  const rows: BenchRow[] = []
  for (const one of LOADS) {
    const stream = createStream(one)
    const contestants = [() => runOurs(stream), () => runWs(plain, stream), () => runWs(native, stream)]
    const times: number[][] = contestants.map(() => [])
    // One round to warm up, which is not counted.
    for (let run = -1; run < RUNS; run++) {
      for (const [i, contestant] of contestants.entries()) {
        const took = await contestant()
        if (run >= 0) times[i]!.push(took)
      }
    }
    const [ours, without, withAddons] = times.map((all) => Math.round((one.frames / median(all)) * 1e9))
    const row = (peer: number, peerName: string, goal: number): void => {
      rows.push({
        name: `frames, ${one.name}`,
        unit: 'frames/s',
        ours: ours!,
        peer,
        peerName,
        ratio: ours! / peer,
        goal,
      })
    }
    row(without!, 'ws Receiver', one.goals[0])
    row(withAddons!, 'ws Receiver with bufferutil', one.goals[1])
  }
  return rows
}
