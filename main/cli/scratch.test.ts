import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createScratch, type Scratch } from './scratch.ts'

const parents: string[] = []
const made: Scratch[] = []
afterEach(() => {
  for (const scratch of made.splice(0)) scratch.remove()
  for (const parent of parents.splice(0)) rmSync(parent, { recursive: true, force: true })
})
const parent = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'pushscope-test-'))
  parents.push(directory)
  return directory
}
const scratchIn = (parent: string): Scratch => {
  const scratch = createScratch(parent)
  made.push(scratch)
  return scratch
}
const age = (path: string): void => utimesSync(path, 1_000_000_000, 1_000_000_000)

const OWNER = `
  const { createScratch } = await import(process.argv[1])
  console.log(createScratch(process.argv[2]).directory)
  if (process.argv[3] === 'exit') process.exit(130)
  setInterval(() => undefined, 1_000)
`
/** Another process with a folder of its own. */
async function owner(parent: string, then: 'live' | 'exit') {
  const module = new URL('./scratch.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, module, parent, then], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, directory: String(line).trim() }
}
const killed = async ({ child }: Awaited<ReturnType<typeof owner>>): Promise<void> => {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('what a killed process left is gone at the next start; what a living one uses stays', async () => {
  const place = parent()
  const dead = await owner(place, 'live')
  const alive = await owner(place, 'live')
  mkdirSync(join(dead.directory, 'captures'))
  writeFileSync(join(dead.directory, 'captures', 'x.pushscope'), 'secret')
  await killed(dead)
  age(dead.directory)
  age(alive.directory)
  const { directory } = scratchIn(place)
  expect(readdirSync(place).sort()).toEqual([alive.directory, directory].map((path) => basename(path)).sort())
  await killed(alive)
})

test('a folder that is only being made is nobody’s leftover', async () => {
  const place = parent()
  const fresh = await owner(place, 'live')
  await killed(fresh)
  scratchIn(place)
  expect(existsSync(fresh.directory)).toBe(true)
})

test.skipIf(process.platform === 'win32')('links, files, foreign folders and open ones are left alone', async () => {
  const place = parent()
  const elsewhere = parent()
  const dead = await owner(elsewhere, 'live')
  await killed(dead)
  age(dead.directory)
  symlinkSync(dead.directory, join(place, 'pushscope-capture-link'))
  writeFileSync(join(place, 'pushscope-capture-file'), '')
  mkdirSync(join(place, 'pushscope-capture-other'), { mode: 0o700 })
  mkdirSync(join(place, 'pushscope-capture-open'), { mode: 0o755 })
  writeFileSync(join(place, 'pushscope-capture-open', 'lock'), '')
  for (const name of ['file', 'other', 'open']) age(join(place, `pushscope-capture-${name}`))
  const { directory } = scratchIn(place)
  expect(readdirSync(place).length).toBe(5)
  expect(existsSync(dead.directory)).toBe(true)
  expect(existsSync(directory)).toBe(true)
})

test('a process that ends of itself, in whatever hurry, leaves nothing', async () => {
  const place = parent()
  const { child } = await owner(place, 'exit')
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(130)
  expect(readdirSync(place)).toEqual([])
})

test('removing it twice is as good as once', () => {
  const place = parent()
  const scratch = scratchIn(place)
  expect(existsSync(scratch.directory)).toBe(true)
  scratch.remove()
  scratch.remove()
  expect(readdirSync(place)).toEqual([])
})

test('a place that cannot be written is a sentence', () => {
  expect(() => createScratch('/nowhere/at/all')).toThrow('/nowhere/at/all cannot be written (ENOENT)')
})
