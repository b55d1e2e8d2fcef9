/** `npm start` and `pushscope open` as processes: what they print, and that nothing outlives them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ROOT, end, expect, test } from '../fixtures.ts'

const URL_LINE = /^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{64}$/
const START = join(ROOT, 'scripts', 'start.ts')
const CLI = join(ROOT, 'out', 'main', 'cli.js')

test.skip(process.platform === 'win32', 'signals are a matter of POSIX')

interface Run {
  child: ChildProcess
  /** All of stdout so far. */
  out(): string
  err(): string
  /** Resolves with the URL once it is printed. */
  url: Promise<string>
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let out = ''
  let err = ''
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.endsWith('\n')) resolve(out.trimEnd().split('\n').at(-1)!)
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${err}`)))
  })
  url.catch(() => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return { child, out: () => out, err: () => err, url }
}

const answers = (url: string): Promise<number | null> =>
  fetch(url).then(
    ({ status }) => status,
    () => null,
  )

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`npm start -- --no-open prints the URL as its last line, and ${signal} ends it`, async ({ dataDirectory }) => {
    const start = run(process.execPath, [START, '--no-open', '--data', dataDirectory])
    const url = await start.url
    expect(url).toMatch(URL_LINE)
    expect(start.out()).toBe(`${url}\n`)
    expect(await answers(url)).toBe(200)
    start.child.kill(signal)
    const [code] = await once(start.child, 'exit')
    expect([code, await answers(url)]).toEqual([0, null])
  })
}

test('when npm is killed without a chance to pass it on, what it started ends by itself', async ({ dataDirectory }) => {
  // A shell stands for npm; the second command keeps it from making way for the first.
  const script = `"${process.execPath}" "${START}" --no-open --data "${dataDirectory}"; true`
  const shell = run('sh', ['-c', script], { npm_lifecycle_event: 'start' })
  const url = await shell.url
  shell.child.kill('SIGKILL')
  await once(shell.child, 'exit')
  await expect.poll(() => answers(url), { timeout: 10_000 }).toBe(null)
})

/** A program that stands for a browser: notes its pid and arguments, then runs until it is ended. */
function fakeBrowser(folder: string, body: string): { path: string; pid(): number; args(): string[] } {
  const [path, notes] = [join(folder, 'browser'), join(folder, 'notes')]
  writeFileSync(
    path,
    `#!/bin/sh\nfor a in $$ "$@"; do echo "$a"; done > "${notes}.new"; mv "${notes}.new" "${notes}"\n${body}\n`,
  )
  chmodSync(path, 0o755)
  const lines = (): string[] => (existsSync(notes) ? readFileSync(notes, 'utf8').trimEnd().split('\n') : [])
  return { path, pid: () => Number(lines()[0] ?? 0), args: () => lines().slice(1) }
}

test('with a display, open starts the browser as an app window and takes it along', async ({ dataDirectory }) => {
  const browser = fakeBrowser(dataDirectory, 'exec sleep 600')
  const open = run(process.execPath, [CLI, 'open', '--data', dataDirectory], {
    PUSHSCOPE_BROWSER: browser.path,
    DISPLAY: ':99',
  })
  const url = await open.url
  await expect.poll(() => browser.pid()).toBeGreaterThan(0)
  expect(browser.args()).toContain(`--app=${new URL('/opening', url).href}`)
  // Arguments can be read by every user of the machine.
  expect(browser.args().join(' ')).not.toContain(new URL(url).hash.slice(7))
  const profile = browser
    .args()
    .find((argument) => argument.startsWith('--user-data-dir='))!
    .slice(16)
  expect(existsSync(profile)).toBe(true)
  // Under npm one Ctrl+C arrives twice.
  open.child.kill('SIGINT')
  open.child.kill('SIGINT')
  const [code] = await once(open.child, 'exit')
  expect([code, isAlive(browser.pid()), existsSync(profile)]).toEqual([0, false, false])
})

test('a browser that ignores a gentle end is ended all the same', async ({ dataDirectory }) => {
  const browser = fakeBrowser(dataDirectory, "trap '' TERM; while :; do sleep 0.2; done")
  const open = run(process.execPath, [CLI, 'open', '--data', dataDirectory], {
    PUSHSCOPE_BROWSER: browser.path,
    DISPLAY: ':99',
  })
  await open.url
  await expect.poll(() => browser.pid()).toBeGreaterThan(0)
  open.child.kill('SIGINT')
  await once(open.child, 'exit')
  expect(isAlive(browser.pid())).toBe(false)
})

test('a browser that shows nothing leaves the URL and a sentence', async ({ dataDirectory }) => {
  const browser = fakeBrowser(dataDirectory, 'exit 21')
  const open = run(process.execPath, [CLI, 'open', '--data', dataDirectory], {
    PUSHSCOPE_BROWSER: browser.path,
    DISPLAY: ':99',
  })
  const url = await open.url
  await expect.poll(() => open.err()).toContain('showed no window (exit code 21)')
  expect(await answers(url)).toBe(200)
  await end(open.child)
})

test('without a display, open prints the URL and why', async ({ dataDirectory }) => {
  const open = run(process.execPath, [CLI, 'open', '--data', dataDirectory], { DISPLAY: '', WAYLAND_DISPLAY: '' })
  expect(await open.url).toMatch(URL_LINE)
  if (process.platform === 'linux') expect(open.err()).toContain('There is no display')
  await end(open.child)
})

test('a port in use is a sentence and an exit code', async ({ dataDirectory }) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const open = run(process.execPath, [CLI, 'open', '--no-open', '--port', String(port), '--data', dataDirectory])
  const [code] = await once(open.child, 'close')
  taken.close()
  expect([code, open.out()]).toEqual([1, ''])
  expect(open.err()).toBe(`Port ${port} is in use. Give another --port, or none for a free one.\n`)
})

test('a data directory that cannot be written is a sentence, and it runs all the same', async ({ dataDirectory }) => {
  writeFileSync(join(dataDirectory, 'file'), '')
  const open = run(process.execPath, [CLI, 'open', '--no-open', '--data', join(dataDirectory, 'file', 'below')])
  expect(await answers(await open.url)).toBe(200)
  expect(open.err()).toContain('cannot be written')
  expect(open.err().trimEnd().split('\n').length).toBe(1)
  await end(open.child)
})
