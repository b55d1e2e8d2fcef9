import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { createSettings, type Settings } from './settings.ts'

const directories: string[] = []
const opened: Settings[] = []
const temporary = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-test-'))
  directories.push(directory)
  return directory
}
const settingsIn = (directory: string, log: (error: unknown) => void = () => undefined): Settings => {
  const settings = createSettings(directory, log)
  opened.push(settings)
  return settings
}
afterEach(() => {
  for (const settings of opened.splice(0)) settings.close()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

test('what was saved is there at the next start, the last value of each name', () => {
  const directory = join(temporary(), 'made', 'when missing')
  const first = settingsIn(directory)
  expect(first.all()).toEqual({})
  first.save('side', 224)
  first.save('side', 300)
  first.save('detail-tabs', { 'ws-frame': 'bits' })
  first.save('__proto__', 'a name like any other')
  first.close()
  const again = settingsIn(directory).all()
  expect(Object.entries(again).sort()).toEqual([
    ['__proto__', 'a name like any other'],
    ['detail-tabs', { 'ws-frame': 'bits' }],
    ['side', 300],
  ])
})

test('nothing is made before somebody asks', () => {
  const directory = temporary()
  settingsIn(directory).close()
  expect(readdirSync(directory)).toEqual([])
})

const WRITER = `
  const { createSettings } = await import(process.argv[1])
  const settings = createSettings(process.argv[2], () => undefined)
  for (let n = 1; n <= 200; n++) settings.save(process.argv[3] + (n % 10), n)
  settings.close()
`
test('instances that write at once keep what each of them said', async () => {
  const directory = temporary()
  const module = new URL('./settings.ts', import.meta.url).href
  const writers = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, ['--input-type=module', '-e', WRITER, module, directory, name], { stdio: 'inherit' }),
  )
  const ends = await Promise.all(writers.map(async (writer) => ((await once(writer, 'exit')) as [number])[0]))
  expect(ends).toEqual([0, 0, 0])
  const last = settingsIn(directory).all()
  expect(Object.keys(last)).toHaveLength(30)
  for (const [name, value] of Object.entries(last)) expect(value, name).toBe(190 + (Number(name[1]) || 10))
})

const good = (): Buffer => {
  const directory = temporary()
  const settings = settingsIn(directory)
  for (let n = 0; n < 200; n++) settings.save(`name-${n}`, 'x'.repeat(100))
  settings.close()
  return readFileSync(join(directory, 'settings.sqlite'))
}
const otherShape = (): Buffer => {
  const file = join(temporary(), 'settings.sqlite')
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE settings (other)')
  database.close()
  return readFileSync(file)
}
const DAMAGE: [name: string, bytes: () => Buffer][] = [
  ['text', () => Buffer.from('{"theme": "dark"} and more of it, so that it is no empty file')],
  ['a header alone', () => good().subarray(0, 100)],
  ['a file cut short', () => good().subarray(0, 5_000)],
  ['noise behind the header', () => good().fill(0xa5, 120)],
  ['noise in its middle', () => good().fill(0xa5, 4_096, 8_192)],
  ['a table of another shape', otherShape],
]
test.each(DAMAGE)('a damaged file is set aside and a fresh one takes its place: %s', (_name, bytes) => {
  const directory = temporary()
  const file = join(directory, 'settings.sqlite')
  const damaged = bytes()
  writeFileSync(file, damaged)
  const logged: unknown[] = []
  const settings = settingsIn(directory, (error) => logged.push(error))
  expect(settings.all()).toEqual({})
  expect(logged).toEqual([expect.stringContaining('settings begin anew')])
  settings.save('theme', 'dark')
  settings.close()
  expect(settingsIn(directory).all()).toEqual({ theme: 'dark' })
  expect(readFileSync(`${file}.damaged`).equals(damaged)).toBe(true)
})

test('damage that comes while it is open ends no call', () => {
  const directory = temporary()
  const settings = settingsIn(directory)
  settings.save('theme', 'dark')
  const file = join(directory, 'settings.sqlite')
  writeFileSync(file, Buffer.alloc(statSync(file).size, 0xa5))
  settings.save('theme', 'light')
  expect(settings.all()).toEqual({ theme: 'light' })
})

test('a place that cannot be written keeps settings as long as the engine lives, and the log says why', () => {
  const file = join(temporary(), 'file')
  writeFileSync(file, '') // a file where the directory should be: fails for root too
  const logged: unknown[] = []
  const settings = settingsIn(file, (error) => logged.push(error))
  settings.save('theme', 'dark')
  expect(settings.all()).toEqual({ theme: 'dark' })
  expect(logged).toEqual([expect.stringContaining('are kept in memory')])
})

test.each(['from the start', 'while it is open'])(
  'what another instance keeps locked ends no call and is written afterwards: %s',
  (when) => {
    const directory = temporary()
    const before = settingsIn(directory)
    before.save('theme', 'dark')
    before.close()
    const logged: unknown[] = []
    const settings = settingsIn(directory, (error) => logged.push(error))
    if (when === 'while it is open') settings.all()
    const other = new DatabaseSync(join(directory, 'settings.sqlite'))
    other.exec('BEGIN EXCLUSIVE')
    settings.save('side', 1)
    settings.save('side', 2)
    expect(settings.all()).toEqual({ side: 2 })
    expect(logged).toEqual([expect.stringContaining('locked')])
    other.exec('COMMIT')
    other.close()
    expect(settings.all()).toEqual({ theme: 'dark', side: 2 })
    settings.close()
    expect(settingsIn(directory).all()).toEqual({ theme: 'dark', side: 2 })
  },
)

test.each(['in the file', 'in memory alone'])(
  'a name more than 256 is refused, the others can still be changed: %s',
  (where) => {
    const directory = where === 'in the file' ? temporary() : join(temporary(), 'file')
    if (where !== 'in the file') writeFileSync(directory, '') // where nothing can be written
    const settings = settingsIn(directory)
    for (let n = 1; n <= 256; n++) expect(settings.save(`name-${n}`, n).ok).toBe(true)
    expect(settings.save('one-more', 1)).toMatchObject({ ok: false, error: { code: 'bad-argument' } })
    expect(settings.save('name-7', 'changed').ok).toBe(true)
    expect(Object.keys(settings.all())).toHaveLength(256)
    expect(settings.all()['name-7']).toBe('changed')
  },
)

test('a data directory that goes while it is open comes back', () => {
  const directory = temporary()
  const settings = settingsIn(directory)
  settings.save('theme', 'dark')
  rmSync(directory, { recursive: true })
  settings.save('theme', 'light')
  expect(settingsIn(directory).all()).toEqual({ theme: 'light' })
})

test('a file that another instance has set aside is left to it; its successor is used and stays', () => {
  const directory = temporary()
  const file = join(directory, 'settings.sqlite')
  const settings = settingsIn(directory)
  settings.save('theme', 'dark')
  writeFileSync(file, Buffer.alloc(statSync(file).size, 0xa5))
  const other = settingsIn(directory)
  other.save('side', 300)
  settings.save('theme', 'light')
  expect(other.all()).toEqual({ side: 300, theme: 'light' })
})

test('a value that is no JSON is null', () => {
  const directory = temporary()
  const settings = settingsIn(directory)
  settings.save('theme', 'dark')
  settings.close()
  const database = new DatabaseSync(join(directory, 'settings.sqlite'))
  database.exec(`UPDATE settings SET value = '{'`)
  database.close()
  expect(settingsIn(directory).all()).toEqual({ theme: null })
})
