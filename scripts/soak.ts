/**
 * `npm run soak`: plays hours of use against one engine as fast as it goes, and fails when memory or handles grow.
 * Servers start and stop, every technique connects, floods, is dropped and disconnects, past captures are opened,
 * searched, exported and deleted. `--hours N` of ticks, one a second (8); or `--minutes N` on the clock.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createEngine, type Engine } from '../main/engine/engine.ts'
import { DEFAULT_REQUEST, SERVER_IDS, SERVERS, type Result, type ServerId } from '../preload/contract/index.ts'
import { judge, type Sample } from './soak/judge.ts'

const ROUND = 600 // ticks; ten minutes at one a second
const FLOOD = 5_000 // messages, each of which comes back
const KEEP = 10 // captures
const PATIENCE = 20_000 // ms that a round may wait for anything

const { values } = parseArgs({ options: { hours: { type: 'string' }, minutes: { type: 'string' } } })
const hours = Number(values.hours ?? 8)
const minutes = values.minutes === undefined ? null : Number(values.minutes)
if (!(hours > 0) || !(minutes === null || minutes > 0)) {
  process.stderr.write('--hours and --minutes want a number above 0.\n')
  process.exit(2)
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const got = <T>(result: Result<T>): T => {
  if (result.ok) return result.value
  throw new Error(`${result.error.message} ${result.error.hint}`)
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`)
    await wait(5)
  }
}

/** One server of ours and a probe that listens to it for a round. */
async function listen({ api }: Engine, id: ServerId, round: number): Promise<void> {
  const { url } = got(await api.startServer(id))
  got(await api.controlServer(id, { interval: 1, payloadSize: (round % 4) * 256 }))
  const { technique } = SERVERS[id]
  const raw = id === 'websocket-raw'
  const request = { ...DEFAULT_REQUEST, url, technique, raw, interval: 1, compression: round % 2 === 0 }
  const { id: capture } = got(await api.connect(request))
  const rows = async (): Promise<number> => got(await api.openCapture(capture)).rows
  await until(`rows of ${id}`, async () => (await rows()) >= 50)
  if (technique === 'websocket') {
    for (let sent = 0; sent < FLOOD; sent++) got(await api.send(capture, { type: 'text', text: `flood ${sent}` }))
    got(await api.send(capture, { type: 'ping', base64: 'cGluZw==' }))
  } else if (round % 3 === 0) got(await api.actOnServer(id, 'drop'))
  // An iframe stream that is dropped stays down.
  const isOver = async (): Promise<boolean> => ['closed', 'failed'].includes(got(await api.openCapture(capture)).state)
  await until(`a round of ${id}`, async () => (await rows()) >= ROUND || (await isOver()))
  got(await api.disconnect(capture))
  if (round % 5 === 0) got(await api.stopServer(id))
}

/** What someone does with what was recorded. */
async function lookBack({ api }: Engine): Promise<void> {
  const captures = (await api.captures()).filter(({ state }) => state === 'closed' || state === 'failed')
  for (const { id } of captures.slice(0, 3)) {
    got(await api.openCapture(id))
    const filter = { from: [], kinds: [], opcodes: [], text: 'flood 1', findings: false, connection: null }
    const { view } = got(await api.createView(id, filter))
    got(await api.rows(id, 0, 0, 200))
    got(await api.row(id, 1))
    got(await api.handshake(id, 1))
    got(await api.bytes(id, 2, 'wire', 0, 65_536))
    got(await api.dropView(id, view))
    await api.exportCapture(id) // a large one says no, in words
  }
  // One in two stays, as with someone who tidies up a little.
  for (const { id } of captures.slice(KEEP).filter((_, index) => index % 2 === 0)) got(await api.deleteCapture(id))
}

async function atRest(round: number): Promise<Sample> {
  await wait(200) // what was closed has its close events by then
  collect()
  await wait(50)
  collect()
  const { rss, heapUsed } = process.memoryUsage()
  return { round, rss, heap: heapUsed, handles: process.getActiveResourcesInfo().length, files: openFiles() }
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0 // not on this system
  }
}

const directory = mkdtempSync(join(tmpdir(), 'pushscope-soak-'))
const faults: unknown[] = []
const engine = await createEngine({
  host: 'cli',
  dataDirectory: directory,
  version: '0',
  log: (error) => faults.push(error),
})
const began = performance.now()
const rounds = minutes === null ? Math.max(8, Math.ceil((hours * 3_600) / ROUND)) : Infinity
const isOver = (round: number): boolean =>
  minutes === null ? round >= rounds : round >= 8 && performance.now() - began >= minutes * 60_000

const MiB = (bytes: number): string => (bytes / 1_048_576).toFixed(0).padStart(6)
const samples: Sample[] = []
console.log(' round    time  RSS MiB  heap MiB  handles  files')
try {
  for (let round = 1; !isOver(round - 1); round++) {
    await Promise.all(SERVER_IDS.map((id) => listen(engine, id, round)))
    await lookBack(engine)
    const sample = await atRest(round)
    samples.push(sample)
    const time = `${((performance.now() - began) / 1_000).toFixed(0)} s`.padStart(7)
    console.log(
      `${String(round).padStart(6)} ${time}   ${MiB(sample.rss)}    ${MiB(sample.heap)}   ${String(sample.handles).padStart(6)} ${String(sample.files).padStart(6)}`,
    )
  }
} finally {
  await engine.close()
  rmSync(directory, { recursive: true, force: true })
}
const played = ((samples.length * ROUND) / 3_600).toFixed(1)
const complaints = [...judge(samples), ...faults.map((fault) => `The engine logged a fault: ${String(fault)}`)]
for (const complaint of complaints) console.log(complaint)
console.log(`${played} hours of ticks in ${((performance.now() - began) / 60_000).toFixed(1)} minutes.`)
if (complaints.length === 0) console.log('Memory and handles are flat.')
process.exit(complaints.length > 0 ? 1 : 0)
