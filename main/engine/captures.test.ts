/** Captures through the engine: many in one process, files that are none, two engines with one data directory. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_REQUEST, type CaptureProgress, type Result } from '../../preload/contract/index.ts'
import { openCapture } from '../capture/capture.ts'
import { createEngine, type Engine } from './engine.ts'

const engines: Engine[] = []
const directories: string[] = []
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-captures-'))
  directories.push(directory)
  return directory
}

async function open(dataDirectory: string): Promise<Engine> {
  const engine = await createEngine({ host: 'cli', dataDirectory, version: '0' })
  engines.push(engine)
  return engine
}

const got = <T>(result: Result<T>): T => {
  if (result.ok) return result.value
  throw new Error(result.error.message)
}

/** Connects and waits until it is over. */
async function connect({ api, subscribe }: Engine, url: string): Promise<CaptureProgress> {
  const ignore = (): void => undefined
  let tell = ignore
  const leave = subscribe({
    progress: () => tell(),
    capturesChanged: () => tell(),
    serversChanged: ignore,
    viewChanged: ignore,
    engineRestarted: ignore,
  })
  const { id } = got(await api.connect({ ...DEFAULT_REQUEST, url, technique: 'websocket', reconnect: false }))
  for (;;) {
    const changed = new Promise<void>((resolve) => (tell = resolve))
    const progress = got(await api.openCapture(id))
    if (progress.state === 'failed' || progress.state === 'closed') {
      leave()
      return progress
    }
    await changed
  }
}

const written = (file: string, rows: number): Promise<void> =>
  vi.waitFor(() => {
    const reader = openCapture(file)
    const { count } = reader
    reader.close()
    expect(count).toBe(rows)
  }, 10_000)

const NOBODY = 'ws://127.0.0.1:1/?token=s3cret'

test('captures that ended keep their last words and few files open, however many there are', async () => {
  const directory = temporary()
  const engine = await open(directory)
  const ended: CaptureProgress[] = []
  for (let i = 0; i < 20; i++) ended.push(await connect(engine, NOBODY))
  // SQLite takes its log away when the last connection closes.
  const logs = readdirSync(join(directory, 'captures')).filter((name) => name.endsWith('-wal'))
  expect(logs.length).toBeLessThanOrEqual(10)
  expect((await engine.api.captures()).map(({ state }) => state)).toEqual(Array(20).fill('failed'))
  for (const { capture, message, rows } of ended) {
    expect(message).toMatch(/Nobody listens|refused/)
    const again = got(await engine.api.openCapture(capture))
    expect(again).toMatchObject({ state: 'failed', message, rows })
    expect(got(await engine.api.rows(capture, 0, 0, 10))).toHaveLength(rows)
  }
  for (const { capture } of ended) got(await engine.api.deleteCapture(capture))
  expect(readdirSync(join(directory, 'captures'))).toEqual([])
})

test('a capture that failed is marked and told as such by an engine that is started later', async () => {
  const directory = temporary()
  const first = await open(directory)
  const { capture, message } = await connect(first, NOBODY)
  expect(message).not.toBe('')
  await first.close()
  const second = await open(directory)
  expect(await second.api.captures()).toMatchObject([{ id: capture, state: 'failed' }])
  expect(got(await second.api.openCapture(capture))).toMatchObject({ state: 'failed', message })
})

test('a file that is no capture is set aside: not listed or refused in words, never in the way', async () => {
  const directory = temporary()
  const first = await open(directory)
  await connect(first, NOBODY)
  await first.close()
  const folder = join(directory, 'captures')
  const good = readdirSync(folder).find((name) => name.endsWith('.pushscope'))!
  writeFileSync(join(folder, 'text.pushscope'), 'this is no database')
  writeFileSync(join(folder, 'empty.pushscope'), '')
  copyFileSync(join(folder, good), join(folder, 'cut.pushscope'))
  truncateSync(join(folder, 'cut.pushscope'), 5_000)

  const second = await open(directory)
  const listed = (await second.api.captures()).map(({ id }) => id)
  expect(listed).toContain(good.replace('.pushscope', ''))
  expect(listed).not.toContain('text')
  expect(listed).not.toContain('empty')
  for (const id of ['text', 'empty', 'cut']) {
    const opened = await second.api.openCapture(id)
    if (!opened.ok) expect(opened.error).toMatchObject({ code: 'not-found' })
  }
  expect(await second.api.openCapture('text')).toMatchObject({ ok: false })
  expect((await connect(second, NOBODY)).state).toBe('failed')
  expect(readdirSync(folder)).toContain('text.pushscope') // left where it is
})

test('two engines with one data directory record side by side, and each finds what the other left', async () => {
  const directory = temporary()
  const [one, two] = [await open(directory), await open(directory)]
  const all = await Promise.all([
    connect(one, NOBODY),
    connect(two, NOBODY),
    connect(one, NOBODY),
    connect(two, NOBODY),
  ])
  const ids = all.map(({ capture }) => capture).sort()
  expect(new Set(ids).size).toBe(4)
  // The last rows are in the file a moment after the end; before that only their own engine knows them.
  for (const { capture, rows } of all) await written(join(directory, 'captures', `${capture}.pushscope`), rows)
  for (const engine of [one, two]) {
    expect((await engine.api.captures()).map(({ id }) => id).sort()).toEqual(ids)
    for (const { capture, rows } of all) expect(got(await engine.api.rows(capture, 0, 0, 10))).toHaveLength(rows)
  }
  // What the one deletes is gone for the other, in words.
  got(await one.api.deleteCapture(all[0]!.capture))
  expect((await two.api.captures()).map(({ id }) => id)).not.toContain(all[0]!.capture)
})
