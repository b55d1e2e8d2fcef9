import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../preload/contract/index.ts'
import { createCapture } from '../capture/capture.ts'
import { createEngine } from '../engine/engine.ts'
import { openWish } from './open-wish.ts'

let folder: string
let captures: string
const file = (name: string): string => join(folder, name)
const wish = (name: string) => openWish({ type: 'file', path: file(name) }, captures)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushscope-wish-'))
  captures = join(folder, 'data', 'captures')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function writeCapture(path: string): Promise<void> {
  const capture = createCapture({
    file: path,
    limits: DEFAULT_LIMITS,
    meta: { id: 'elsewhere', name: 'clock', url: 'ws://127.0.0.1:9/', technique: 'websocket', source: 'probe' },
  })
  capture.recorder.local({ kind: 'note', details: { text: 'one of a kind' } })
  await capture.close()
}

test('a capture is copied once, stays as it is, and the engine lists, opens and filters the copy', async () => {
  await writeCapture(file('mine.pushscope'))
  const before = readFileSync(file('mine.pushscope'))
  const opening = await wish('mine.pushscope')
  expect(opening).toMatchObject({ type: 'capture', message: 'Opened a copy of mine.pushscope.' })
  expect(await wish('mine.pushscope')).toEqual(opening)
  expect(readdirSync(captures)).toHaveLength(1)

  const engine = await createEngine({ host: 'electron', dataDirectory: join(folder, 'data'), version: '1.2.3' })
  const id = opening.type === 'capture' ? opening.id : ''
  expect(await engine.api.captures()).toMatchObject([{ id, name: 'clock', state: 'closed' }])
  expect(await engine.api.openCapture(id)).toMatchObject({ ok: true, value: { capture: id, rows: 1 } })
  const filter = { from: [], kinds: [], opcodes: [], text: 'kind', findings: false, connection: null }
  expect(await engine.api.createView(id, filter)).toMatchObject({ ok: true, value: { capture: id } })
  await engine.close()
  expect(readFileSync(file('mine.pushscope')).equals(before)).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['data', 'mine.pushscope'])
})

test('rows that a killed process left in the log beside the file come along', async () => {
  const path = file('killed.pushscope')
  const capture = createCapture({
    file: path,
    limits: DEFAULT_LIMITS,
    meta: { id: 'killed', name: 'killed', url: '', technique: null, source: 'probe' },
  })
  capture.recorder.local({ kind: 'note', details: { text: 'late' } })
  await capture.flush()
  const opening = await wish('killed.pushscope') // as the file lies there while its writer is not done with it
  await capture.close()
  const engine = await createEngine({ host: 'electron', dataDirectory: join(folder, 'data'), version: '1.2.3' })
  const id = opening.type === 'capture' ? opening.id : ''
  expect(await engine.api.openCapture(id)).toMatchObject({ ok: true, value: { rows: 1 } })
  await engine.close()
})

test('a capture that lies in the data directory is shown, not copied', async () => {
  mkdirSync(captures, { recursive: true })
  await writeCapture(join(captures, '2026-x.pushscope'))
  const opening = await openWish({ type: 'file', path: join(captures, '2026-x.pushscope') }, captures)
  expect(opening).toEqual({ type: 'capture', id: '2026-x', message: '', hint: '' })
  expect(readdirSync(captures)).toEqual(['2026-x.pushscope'])
})

test.each([
  ['empty.pushscope', ''],
  ['text.pushscope', 'hello '.repeat(100)],
  ['other.pushscope', `SQLite format 3\0${'x'.repeat(200)}`],
])('%s is refused and not copied', async (name, content) => {
  writeFileSync(file(name), content)
  expect(await wish(name)).toMatchObject({ type: 'notice', message: `${name} is not a Pushscope capture.` })
  expect(() => readdirSync(captures)).toThrow('ENOENT')
})

test('what cannot be read becomes a sentence', async () => {
  mkdirSync(file('folder.pushscope'))
  mkdirSync(file('folder.har'))
  writeFileSync(file('no.har'), '<html>')
  const messages = []
  for (const name of ['gone.pushscope', 'gone.har', 'folder.pushscope', 'folder.har', 'no.har']) {
    const opening = await wish(name)
    messages.push([opening.type, 'message' in opening && opening.message])
  }
  expect(messages).toEqual([
    ['notice', 'gone.pushscope cannot be opened: it does not exist.'],
    ['notice', 'gone.har cannot be opened: it does not exist.'],
    [
      'notice',
      expect.stringMatching(/^folder.pushscope (is not a Pushscope capture|cannot be opened: it is a folder)/),
    ],
    ['notice', 'folder.har is not a file.'],
    ['notice', 'no.har is not an HTTP archive.'],
  ])
})

test('an archive fills in its first realtime endpoint and says that its traffic cannot be shown', async () => {
  const entries = ['wss://example.org/a', 'https://example.org/', 'wss://example.org/b'].map((url) => ({
    request: { url },
  }))
  writeFileSync(file('page.har'), `\uFEFF${JSON.stringify({ log: { entries } })}`)
  writeFileSync(file('none.har'), '{"log":{"entries":[]}}')
  expect(await wish('page.har')).toEqual({
    type: 'url',
    url: 'wss://example.org/a',
    message: 'The URL is filled in from page.har, the first of 2. Nothing is connected.',
    hint: 'An HTTP archive keeps no bytes of the wire, so what it recorded cannot be shown as a capture.',
  })
  expect(await wish('none.har')).toMatchObject({
    type: 'notice',
    message: 'none.har lists no WebSocket and no event stream.',
  })
})

test('a link fills in the URL, or says that it leads nowhere', async () => {
  const open = (link: string) => openWish({ type: 'link', link }, captures)
  expect(await open('pushscope://open?url=wss%3A%2F%2Fexample.org%2F')).toMatchObject({
    type: 'url',
    url: 'wss://example.org/',
  })
  expect(await open('pushscope://open?url=javascript%3Aalert(1)')).toMatchObject({ type: 'notice' })
})
