/** Against Node's own HTTP server and client on loopback: what they said to each other is what the rows say. */
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_LIMITS, type RequestHead, type ResponseHead } from '../../preload/contract/index.ts'
import { tap } from '../capture/tap.ts'
import { createConnectionDissector } from './connection.ts'
import type { Sender } from './row-sink.ts'
import { createRecordingSink, type RecordedRow } from './testing/recording-sink.ts'

const ENCODE: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  identity: (bytes) => bytes,
  gzip: gzipSync,
  deflate: deflateSync,
  'deflate, raw': deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
}
const SIZES = [0, 1, 1000, 65_536, 70_000, 300_000]

const bodyOf = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, at) => (at * 31 + at / 97) & 0x7f))

let server: Server
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const sink = createRecordingSink()

beforeAll(async () => {
  server = createServer(async (asked, answer) => {
    await once(asked.resume(), 'end') // so that the whole request was seen when the answer is there
    const url = new URL(asked.url!, 'http://a')
    const [size, coding] = [Number(url.searchParams.get('size')), url.searchParams.get('coding')!]
    const coded = ENCODE[coding]!(bodyOf(size))
    answer.setHeader('Content-Encoding', coding.split(',')[0]!)
    const trailing = !url.searchParams.has('length') && coded.length > 0 && asked.method !== 'HEAD'
    if (url.searchParams.has('length')) answer.setHeader('Content-Length', coded.length)
    if (trailing) answer.setHeader('Trailer', 'X-Sum')
    for (let at = 0; at < coded.length; at += 50_000) answer.write(coded.subarray(at, at + 50_000))
    if (trailing) answer.addTrailers({ 'X-Sum': String(coded.length) })
    answer.end()
  })
  server.on('connection', (socket) => {
    const dissector = createConnectionDissector(sink, { technique: null, limits: DEFAULT_LIMITS })
    let at = 0
    tap(
      socket,
      {
        bytes: (from, chunk) => dissector.feed(from, chunk, (at += 1)),
        end: (from) => dissector.end(from, (at += 1)),
        onHold: () => undefined,
      },
      'server',
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => {
  agent.destroy()
  server.closeAllConnections()
  server.close()
})

async function ask(path: string, method: string, body: Uint8Array): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo
  const asked = request({ host: '127.0.0.1', port, path, method, agent })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return answer
}

const contentOf = (rows: readonly RecordedRow[]): string => {
  const bodies = rows.filter(({ kind, from }) => kind === 'http-body' && from === 1)
  return Buffer.concat(bodies.map(({ content }) => content ?? new Uint8Array(0))).toString('latin1')
}
const payloadOf = (rows: readonly RecordedRow[], side: Sender): number =>
  rows
    .filter(({ kind, from }) => kind === 'http-body' && from === side)
    .reduce((sum, row) => sum + row.payloadLength, 0)
const pairs = (flat: readonly string[]): string[][] =>
  flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]!]] : []))

test.each(Object.keys(ENCODE))('%s, chunked and with a length, over one kept connection', async (coding) => {
  for (const size of SIZES) {
    for (const framing of ['', '&length']) {
      for (const method of ['GET', 'POST', 'HEAD']) {
        const first = sink.rows.length
        const path = `/?size=${size}&coding=${encodeURIComponent(coding)}${framing}`
        const answer = await ask(path, method, method === 'POST' ? bodyOf(size) : new Uint8Array(0))
        const rows = sink.rows.slice(first)
        const [asked, answered] = ['http-request', 'http-response'].map((kind) =>
          rows.filter((row) => row.kind === kind),
        )
        expect(asked!.map(({ details }) => details)).toMatchObject([
          { method, target: path } satisfies Partial<RequestHead>,
        ])
        expect(answered!.map(({ details }) => details)).toMatchObject([
          {
            status: 200,
            headers: pairs(answer.rawHeaders) as never,
            requestSeq: asked![0]!.seq,
          } satisfies Partial<ResponseHead>,
        ])
        expect(payloadOf(rows, 0)).toBe(method === 'POST' ? size : 0)
        const shown = method === 'HEAD' ? 0 : size
        if (coding === 'identity') expect(payloadOf(rows, 1)).toBe(shown)
        else expect(contentOf(rows) === bodyOf(shown).toString('latin1')).toBe(true)
        expect(rows.flatMap(({ findings }) => findings)).toEqual([])
      }
    }
  }
})
