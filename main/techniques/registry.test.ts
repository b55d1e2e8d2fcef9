/** Whole sessions: a reference server, the probe that the registry picks, a real capture. They read like transcripts. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { SERVER_IDS, SERVERS, type ServerId } from '../../preload/contract/index.ts'
import { createServers } from './registry.ts'
import type { ReferenceServer } from './technique.ts'
import { closedPort, serveHttp } from './testing/servers.ts'
import { startSession, type Row } from './testing/session.ts'

async function begin(id: ServerId, interval = 20): Promise<{ server: ReferenceServer; url: string }> {
  const server = createServers().get(id)
  if (!server) throw new Error(`no server ${id}`)
  server.control({ interval })
  const { url } = await server.start(0)
  onTestFinished(async () => void (await server.stop()))
  return { server, url }
}
const kinds = (rows: Row[]): string[] => rows.map(({ kind }) => kind)
const count = (rows: Row[], kind: string): number => rows.filter((row) => row.kind === kind).length
/** Sequence numbers inside what the clock said. */
const ticks = (rows: Row[], field: string): number[] =>
  rows.map((row) => (JSON.parse(String(row[field])) as { seq: number }).seq)
const run = (numbers: number[]): number[] => numbers.map((_, i) => (numbers[0] ?? 0) + i)
const faults = (rows: Row[]): unknown[] =>
  rows.flatMap((row) => row.findings ?? []).filter(({ severity }) => severity === 'fault')

it('there is a server for every row of the contract, in its order', () => {
  const servers = createServers()
  expect([...servers.keys()]).toEqual(SERVER_IDS)
  for (const [id, server] of servers) expect(server.state()).toMatchObject({ id, state: 'stopped' })
})

describe('polling', () => {
  it.each([null, 'polling'] as const)('(technique %s) is cycles of request, answer and poll', async (technique) => {
    const { url } = await begin('polling', 60_000)
    const { until, rows, of, probe, ended } = startSession({ url, technique, interval: 10 })
    await until((rows) => count(rows, 'poll') === 3)
    await probe.close()
    expect(await ended).toEqual({ how: 'ended' })
    expect(of('poll')[0]).toMatchObject({
      connection: 1,
      status: 200,
      empty: false,
      bodyBytes: Number(of('http-body')[0]?.['length']),
    })
    expect(kinds(rows())).toContain('close')
    expect(of('close').at(-1)).toMatchObject({ by: 'client' })
    expect(faults(rows())).toEqual([])
  })

  it('a poll that brings nothing new is a 304 and empty', async () => {
    const { server, url } = await begin('polling', 60_000)
    server.act('push')
    const { until, of } = startSession({ url, technique: 'polling', interval: 10 })
    await until((rows) => count(rows, 'poll') === 2)
    expect(
      of('poll')
        .map(({ status, empty }) => [status, empty])
        .slice(0, 2),
    ).toEqual([
      [200, false],
      [304, true],
    ])
  })
})

it('long polling brings every tick once, on one connection', async () => {
  const { url } = await begin('long-polling')
  const { until, of, rows, probe } = startSession({ url })
  await until((rows) => count(rows, 'poll') === 5)
  await probe.close()
  const seen = ticks(of('http-body'), 'text')
  expect(seen).toEqual(run(seen))
  expect(new Set(rows().map(({ connection }) => connection))).toEqual(new Set([1]))
  expect(faults(rows())).toEqual([])
})

it.each([null, 'iframe-stream'] as const)(
  'iframe streaming (technique %s) is one answer and a call per tick',
  async (technique) => {
    const { url } = await begin('iframe-stream')
    const { until, of, rows, probe } = startSession({ url, technique })
    await until((rows) => count(rows, 'script-call') === 4)
    await probe.close()
    const seen = ticks(of('script-call'), 'value')
    expect(seen).toEqual(run(seen))
    expect(of('script-call')[0]).toMatchObject({ dialect: 'parent', call: 'parent.tick' })
    expect(of('http-request')).toHaveLength(1)
    expect(of('close')).toMatchObject([{ by: 'client' }])
    expect(faults(rows())).toEqual([])
  },
)

describe('SSE', () => {
  it.each([null, 'sse'] as const)('(technique %s) survives a drop and misses nothing', async (technique) => {
    const { server, url } = await begin('sse')
    server.control({ retry: 150 })
    const { until, of, rows, probe } = startSession({ url, technique })
    await until((rows) => count(rows, 'sse-event') >= 3)
    server.act('drop')
    await until((rows) => count(rows, 'reconnect') === 1)
    const [reconnect] = of('reconnect')
    const before = of('sse-event').filter(({ seq }) => seq < Number(reconnect?.seq))
    await until((rows) => count(rows, 'sse-event') >= before.length + 8)
    await probe.close()
    const seen = ticks(of('sse-event'), 'data')
    expect(seen).toEqual(run(seen))
    const lastEventId = String(before.at(-1)?.['id'])
    expect(of('reconnect')).toMatchObject([{ attempt: 1, delay: 150, lastEventId }])
    const second = of('http-request')[1]?.['headers'] as [string, string][]
    expect(second.find(([name]) => name === 'Last-Event-ID')?.[1]).toBe(lastEventId)
    expect(faults(rows().filter(({ connection }) => connection === 2))).toEqual([])
  })
})

describe.each(['websocket-library', 'websocket-raw'] as const)('%s', (id) => {
  it.each([false, true])('with the raw probe: %s, a session from handshake to close', async (raw) => {
    const { url } = await begin(id)
    const { until, of, rows, probe, reader, wire } = startSession({
      url: `${url}?clock=0`,
      raw,
      subprotocols: ['echo'],
    })
    await until(() => probe.state === 'open')
    probe.send({ type: 'text', text: 'Hello' })
    await until((rows) => rows.some((row) => row.kind === 'ws-frame' && row.from === 'server'))
    await probe.close()
    const frames = of('ws-frame').map(({ from, opcode, masked, text }) => [from, opcode, masked, text])
    expect(frames.slice(0, 2)).toEqual([
      ['client', 1, true, 'Hello'],
      ['server', 1, false, 'Hello'],
    ])
    expect(frames.slice(2).map(([from, opcode]) => [from, opcode])).toEqual([
      ['client', 8],
      ['server', 8],
    ])
    expect(of('http-response')).toMatchObject([{ status: 101 }])
    expect(reader.handshake(1)?.accept?.matches).toBe(true)
    expect(of('close')).toMatchObject([{ code: 1_000, by: 'client', clean: true }])
    expect(wire(of('http-request')[0] as Row).toString('latin1')).toMatch(
      /^GET \/\?clock=0 HTTP\/1\.1\r\n[^]*\r\n\r\n$/,
    )
    expect(faults(rows())).toEqual([])
  })
})

it('a failure is told in the rows, with the refusal whole', async () => {
  const place = await serveHttp((_, response) => response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end('who?'))
  const { ended, of } = startSession({ url: `http://${place}/`, technique: 'websocket' })
  expect(await ended).toMatchObject({ how: 'failed' })
  expect(of('http-response')).toMatchObject([{ status: 401 }])
  expect(of('http-body')[0]).toMatchObject({ text: 'who?' })
  expect(of('error')).toMatchObject([{ connection: 1, findings: [{ id: 'ws-refused', severity: 'fault' }] }])
})

it('a refused port is one row', async () => {
  const { ended, rows } = startSession({ url: `http://${await closedPort()}/` })
  expect(await ended).toMatchObject({ how: 'failed' })
  expect(kinds(rows())).toEqual(['error'])
})

it.each(SERVER_IDS)('the URL of %s alone is enough', async (id) => {
  const { url } = await begin(id)
  const { until, probe } = startSession({ url, interval: 20 })
  const wanted = {
    polling: 'poll',
    'long-polling': 'poll',
    'iframe-stream': 'script-call',
    sse: 'sse-event',
    websocket: 'ws-frame',
  }
  await until((rows) => count(rows, wanted[SERVERS[id].technique]) > 0)
  await probe.close()
})
