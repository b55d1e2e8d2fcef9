/**
 * How fast an event stream is dissected, beside `eventsource-parser` on the same bytes in the same run. Our side fills
 * every column of a row; the peer decodes its chunks (a stream decoder, as it asks for) and gives event, data and id.
 */
import { createParser } from 'eventsource-parser'
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'
import type { RowSink } from '../row-sink.ts'
import { createSseDissector } from './dissector.ts'
import type { BenchRow } from '../testing/bench-row.ts'

const EVENTS = 100_000
const RUNS = 15
const GOAL = 1.5

const SHAPES: readonly { name: string; event(n: number): string }[] = [
  { name: 'data only', event: (n) => `data: {"seq":${n},"at":1795198451901}\n\n` },
  { name: 'id, event, data', event: (n) => `id: ${n}\nevent: tick\ndata: {"seq":${n},"at":1795198451901}\n\n` },
]

export async function benchSse(): Promise<BenchRow[]> {
  const results: BenchRow[] = []
  for (const shape of SHAPES) {
    const stream = Buffer.from(Array.from({ length: EVENTS }, (_, n) => shape.event(n)).join(''))
    for (const size of [1024, 64 * 1024]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, n) =>
        stream.subarray(n * size, (n + 1) * size),
      )
      results.push(await compare(`SSE, ${shape.name}, ${size / 1024} KiB chunks`, chunks, size))
    }
  }
  return results
}

async function compare(name: string, chunks: readonly Uint8Array[], size: number): Promise<BenchRow> {
  const ours: number[] = []
  const peer: number[] = []
  for (let run = -10; run < RUNS; run++) {
    const mine = rate(() => dissect(chunks, size))
    const theirs = rate(() => parse(chunks))
    if (run < 0) continue // warming up
    ours.push(mine)
    peer.push(theirs)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const [a, b] = [median(ours), median(peer)]
  return { name, unit: 'events/s', ours: a, peer: b, peerName: 'eventsource-parser', ratio: a / b, goal: GOAL }
}

function dissect(chunks: readonly Uint8Array[], size: number): number {
  const dissector = createSseDissector(columnSink, DEFAULT_LIMITS)
  rows = 0
  let fed = 0
  for (const bytes of chunks) {
    dissector.feed({ bytes, at: fed * size, wireOffset: fed, wireLength: bytes.length, direct: true })
    fed += bytes.length
  }
  dissector.end(0, false)
  return rows
}

function parse(chunks: readonly Uint8Array[]): number {
  let events = 0
  let last = ''
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent(event) {
      events++
      last = event.data
    },
  })
  for (const bytes of chunks) parser.feed(decoder.decode(bytes, { stream: true }))
  return last === '' ? 0 : events
}

// Every column of a page, a ring of them; what is not a column is counted, so that no call can be left out.
const ROWS = 4096
const columns = {
  time: new Float64Array(ROWS),
  wireOffset: new Float64Array(ROWS),
  wireLength: new Float64Array(ROWS),
  payloadLength: new Float64Array(ROWS),
  connection: new Uint32Array(ROWS),
  detail: new Uint32Array(ROWS),
  flags: new Uint16Array(ROWS),
  code: new Uint16Array(ROWS),
  from: new Uint8Array(ROWS),
  kind: new Uint8Array(ROWS),
}
const { time, wireOffset, wireLength, payloadLength, connection, detail, flags, code, from, kind } = columns
let rows = 0
let extras = 0

const columnSink: RowSink = {
  row(at, sender, rowKind, rowFlags, rowCode, offset, length, payload) {
    const i = rows & (ROWS - 1)
    time[i] = at
    wireOffset[i] = offset
    wireLength[i] = length
    payloadLength[i] = payload
    connection[i] = 1
    detail[i] = 0
    flags[i] = rowFlags
    code[i] = rowCode
    from[i] = sender
    kind[i] = rowKind
    return ++rows
  },
  details: () => void (detail[(rows - 1) & (ROWS - 1)] = ++extras),
  finding: () => void extras++,
  content: () => void extras++,
}

function rate(run: () => number): number {
  const start = process.hrtime.bigint()
  const events = run()
  if (events !== EVENTS) throw new Error(`${events} events instead of ${EVENTS}`)
  return events / (Number(process.hrtime.bigint() - start) / 1e9)
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
