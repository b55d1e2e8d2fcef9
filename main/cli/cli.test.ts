/** The command as a user runs it: a process, its lines, its exit code. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'

const CLI = join(import.meta.dirname, '..', 'cli.ts')
const children: ChildProcess[] = []
/** Where a process cannot be asked to end, only ended. */
const onWindows = process.platform === 'win32'
const servers: { close(): unknown; closeAllConnections?(): void }[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

interface Run {
  child: ChildProcess
  /** The next line of stdout, parsed. */
  row(): Promise<Record<string, unknown>>
  /** Everything, once it has ended. */
  ended: Promise<{ code: number | null; out: string; err: string }>
}

function pushscope(...args: string[]): Run {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    row: async () => JSON.parse((await lines.next()).value ?? 'null') as Record<string, unknown>,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })),
  }
}

const rowsOf = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** A WebSocket server that says hello, echoes, and closes with 1000 when it hears `bye`. */
async function greeter(): Promise<{ url: string; heard: string[]; connections(): number }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  servers.push(server)
  await once(server, 'listening')
  const heard: string[] = []
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    socket.send('hello')
    socket.on('message', (data) => {
      heard.push(String(data))
      if (String(data) === 'bye') socket.close(1000, 'as asked')
    })
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard, connections: () => connections }
}

async function answering(listener: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(listener!)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}

test('servers prints six lines of JSON, then runs until it is told to stop', async () => {
  const run = pushscope('servers', '--json', '--port', '0')
  const lines = []
  for (let line = 0; line < 6; line++) lines.push(await run.row())
  expect(lines.map(({ technique, variant }) => [technique, variant])).toEqual([
    ['polling', null],
    ['long-polling', null],
    ['iframe-stream', null],
    ['sse', null],
    ['websocket', 'library'],
    ['websocket', 'raw'],
  ])
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['technique', 'variant', 'url'])
    expect(line['url']).toMatch(/^(http|ws):\/\/127\.0\.0\.1:\d+\//)
  }
  const tick = await fetch(String(lines[0]!['url']))
  expect(tick.status).toBe(200)
  run.child.kill('SIGINT')
  const { code, out } = await run.ended
  if (!onWindows) expect(code).toBe(0)
  expect(out.trimEnd().split('\n').length).toBe(6)
  await expect(fetch(String(lines[0]!['url']))).rejects.toThrow()
})

test('capture --rows writes exactly so many rows and ends well', async () => {
  const { url } = await greeter()
  const { code, out } = await pushscope('capture', url, '--rows', '4').ended
  const rows = rowsOf(out)
  expect(code).toBe(0)
  expect(rows.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, 'connect'],
    [2, 'http-request'],
    [3, 'http-response'],
    [4, 'ws-frame'],
  ])
  expect(rows[3]).toMatchObject({ from: 'server', opcode: 1, fin: true, masked: false, length: 5, text: 'hello' })
})

test.each([[[]], [['--raw']]])('capture %j sends its texts in order and ends when the peer does', async (more) => {
  const { url, heard } = await greeter()
  const run = pushscope('capture', url, '--send', 'one', '--send', 'two', '--send', 'bye', ...more)
  const { code, out } = await run.ended
  expect(code).toBe(0)
  expect(heard).toEqual(['one', 'two', 'bye'])
  const rows = rowsOf(out)
  expect(rows.filter(({ from, opcode }) => from === 'client' && opcode === 1).length).toBe(3)
  expect(rows.at(-1)).toMatchObject({ kind: 'close', code: 1000, reason: 'as asked', by: 'server', clean: true })
})

test.skipIf(onWindows)('rows come as they happen, and Ctrl+C ends with what there is', async () => {
  const { url } = await greeter()
  const run = pushscope('capture', url)
  let row = await run.row()
  while (row['kind'] !== 'ws-frame') row = await run.row()
  run.child.kill('SIGINT')
  const { code, out } = await run.ended
  expect(code).toBe(0)
  expect(rowsOf(out).at(-1)).toMatchObject({ kind: 'close', by: 'client' })
})

test('capture --for ends after that time, with exit code 0 when it was connected', async () => {
  const { url } = await greeter()
  const { code, out } = await pushscope('capture', url, '--for', '0.5').ended
  expect(code).toBe(0)
  expect(rowsOf(out).map(({ kind }) => kind)).toContain('close')
})

test('headers, subprotocols, method and body reach the server', async () => {
  const seen = Promise.withResolvers<unknown>()
  const { url } = await answering((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      seen.resolve([request.method, request.headers['x-one'], body])
      response.setHeader('content-type', 'text/event-stream')
      response.end('data: x\n\n')
    })
  })
  const options = ['--technique', 'sse', '-H', 'X-One: 1', '--data', 'abc', '--no-reconnect', '--for', '5']
  const { code, out } = await pushscope('capture', url, ...options).ended
  expect(await seen.promise).toEqual(['POST', '1', 'abc'])
  expect(rowsOf(out).find(({ kind }) => kind === 'sse-event')).toMatchObject({ event: 'message', data: 'x' })
  expect(code).toBe(0)
})

test('several URLs are captured one after another', async () => {
  const { url, connections } = await greeter()
  const { code, out, err } = await pushscope('capture', url, url, url, '--send', 'bye').ended
  expect([code, connections()]).toEqual([0, 3])
  expect(rowsOf(out).filter(({ kind }) => kind === 'http-request').length).toBe(3)
  expect(err).not.toMatch(/\n\s+at /)
})

test('capture --echo answers each message with itself', async () => {
  const { url, heard } = await greeter()
  const run = pushscope('capture', url, '--echo', '--rows', '5')
  const { code, out } = await run.ended
  expect(code).toBe(0)
  expect(heard).toEqual(['hello'])
  expect(rowsOf(out)[4]).toMatchObject({ from: 'client', opcode: 1, masked: true, text: 'hello' })
})

test('a refusal is in the rows, and the exit code is 1', async () => {
  const { url } = await answering((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('who are you?')
  })
  const { code, out, err } = await pushscope('capture', url.replace('http', 'ws')).ended
  expect(code).toBe(1)
  const refusal = rowsOf(out).find(({ kind }) => kind === 'http-response')
  expect(refusal).toMatchObject({ status: 401 })
  expect(refusal?.['headers']).toContainEqual(['www-authenticate', 'Bearer'])
  expect(err).toContain('401')
})

test('a port where nothing listens: exit code 1 and a sentence', async () => {
  const free = createTcpServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  const { code, out, err } = await pushscope('capture', `ws://127.0.0.1:${port}/`).ended
  expect(code).toBe(1)
  expect(rowsOf(out).at(-1)).toMatchObject({ kind: 'error', code: 'ECONNREFUSED' })
  expect(err).toContain('refused')
  expect(err).not.toMatch(/\n\s+at /)
})

describe('what the other side breaks off: exit code 1, and every row', () => {
  test.each(['close', 'terminate'] as const)('a WebSocket, by %s', async (end) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    servers.push(server)
    await once(server, 'listening')
    server.on('connection', (socket) => socket.send('hello', () => socket[end]()))
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { code, out } = await pushscope('capture', url).ended
    const clean = end === 'close'
    expect(rowsOf(out).at(-1)).toMatchObject({ kind: 'close', code: clean ? 1005 : 1006, clean })
    expect(code).toBe(clean ? 0 : 1)
  })

  test.each([
    ['at its end', 'end', 0],
    ['inside an answer', 'destroy', 1],
    ['by a reset', 'reset', 1],
    ['at the second time, after a reset', 'again', 0],
  ])('an event stream %s', async (_, end, expected) => {
    let asked = 0
    const { url } = await answering((request, response) => {
      asked += 1
      if (asked === 2) return void response.writeHead(204).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 1\ndata: x\n\n', () => {
        if (end === 'end') response.end()
        else setTimeout(() => (end === 'destroy' ? request.socket.destroy() : request.socket.resetAndDestroy()), 50)
      })
    })
    const more = end === 'again' ? [] : ['--no-reconnect']
    const { code, out } = await pushscope('capture', url, '--technique', 'sse', ...more).ended
    expect(rowsOf(out).filter(({ kind }) => kind === 'sse-event').length).toBe(1)
    expect([code, asked]).toEqual([expected, end === 'again' ? 2 : 1])
  })
})

test.each([
  [['capture', 'http://[::nonsense'], 2],
  [['capture', 'mqtt://example.org/'], 2],
  [['capture', 'ws://127.0.0.1:1/', '--out', '/nowhere/rows.ndjson'], 1],
  [['capture', 'ws://127.0.0.1:1/', '--out', import.meta.dirname], 1],
  [['capture'], 2],
  [['export', '/nowhere.pushscope'], 2],
  [['export', join(import.meta.dirname, 'cli.test.ts')], 1],
  [['bogus'], 2],
])('%j ends with %i and one sentence', async (args, expected) => {
  const { code, out, err } = await pushscope(...args).ended
  expect([code, out]).toEqual([expected, ''])
  expect(err.trimEnd().split('\n').length).toBe(1)
})

test('a file that is no capture is named once', async () => {
  const file = join(import.meta.dirname, 'cli.test.ts')
  const { err } = await pushscope('export', file).ended
  expect(err).toBe(`${file} is damaged or not a capture (file is not a database).\n`)
})

test('--out writes the rows to the file and nothing to stdout', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-cli-'))
  const file = join(folder, 'rows.ndjson')
  const { url } = await greeter()
  const { code, out } = await pushscope('capture', url, '--rows', '3', '--out', file).ended
  expect([code, out]).toEqual([0, ''])
  expect(rowsOf(readFileSync(file, 'utf8')).length).toBe(3)
  rmSync(folder, { recursive: true })
})

test('a reader that leaves ends the capture quietly', async () => {
  const { url } = await answering((_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    const ticking = setInterval(() => response.write('data: tick\n\n'), 20)
    response.on('close', () => clearInterval(ticking))
  })
  const run = pushscope('capture', url)
  await run.row()
  run.child.stdout!.destroy()
  const { code, err } = await run.ended
  expect(code).toBe(0)
  expect(err).not.toContain('EPIPE')
})

test('--for that ends before there was an answer: exit code 1, a sentence, and a row', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1')
  servers.push(silent)
  await once(silent, 'listening')
  const place = `127.0.0.1:${(silent.address() as AddressInfo).port}`
  const { code, out, err } = await pushscope('capture', `wss://${place}/`, '--for', '0.5').ended
  expect(code).toBe(1)
  expect(err).toContain('it had not opened by then.')
  expect(rowsOf(out)).toMatchObject([{ kind: 'note', text: `Ended before ${place} answered the TLS handshake.` }])
})

test.skipIf(onWindows)('what a killed capture kept in the temporary folder is gone after the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushscope-cli-'))
  vi.stubEnv('TMPDIR', folder)
  const { url } = await greeter()
  const killed = pushscope('capture', url)
  await killed.row()
  killed.child.kill('SIGKILL')
  await killed.ended
  const [left] = readdirSync(folder)
  utimesSync(join(folder, left!), 1_000_000_000, 1_000_000_000)
  await pushscope('capture', url, '--rows', '1').ended
  expect(readdirSync(folder)).toEqual([])
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('rows go on where nobody hears the words', async () => {
  const { url } = await greeter()
  const run = pushscope('capture', url, '--send', 'bye')
  run.child.stderr!.destroy()
  const { code, out } = await run.ended
  expect(code).toBe(0)
  expect(rowsOf(out).at(-1)).toMatchObject({ kind: 'close', code: 1000 })
})

/** With stdout or stderr on a full disk. */
function onFullDisk(which: 'stdout' | 'stderr', ...args: string[]): Promise<{ code: number | null; text: string }> {
  const full = openSync('/dev/full', 'w')
  const stdio = which === 'stdout' ? (['ignore', full, 'pipe'] as const) : (['ignore', 'pipe', full] as const)
  const child = spawn(process.execPath, [CLI, ...args], { stdio: [...stdio] })
  children.push(child)
  let text = ''
  ;(which === 'stdout' ? child.stderr : child.stdout)!.setEncoding('utf8').on('data', (more: string) => (text += more))
  return once(child, 'close').then(([code]) => {
    closeSync(full)
    return { code: code as number | null, text }
  })
}

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  test.each([
    ['of the version', ['--version']],
    ['of the help', ['--help']],
    ['of the addresses of the servers', ['servers', '--port', '0']],
  ])('%s is one sentence, and exit code 1', async (_what, args) => {
    expect(await onFullDisk('stdout', ...args)).toEqual({ code: 1, text: 'stdout cannot be written (ENOSPC).\n' })
  })

  test('of the rows is told, and exit code 1', async () => {
    const { url } = await greeter()
    const { code, text } = await onFullDisk('stdout', 'capture', url, '--rows', '3')
    expect(code).toBe(1)
    expect(text).toContain('stdout cannot be written (ENOSPC).')
    expect(text).not.toMatch(/\n\s+at /)
  })

  test('of the words loses no row', async () => {
    const { url } = await greeter()
    const { code, text } = await onFullDisk('stderr', 'capture', url, '--rows', '3')
    expect([code, rowsOf(text).length]).toEqual([0, 3])
  })
})

test('an old Node is told so by the entry, which imports nothing by itself', () => {
  const text = readFileSync(CLI, 'utf8')
  expect(text).not.toMatch(/^import /m)
  expect(text.indexOf('NEEDED')).toBeLessThan(text.indexOf("import('./cli/main.ts')"))
})

test('credentials are in the rows when they are asked for, and in no sentence', async () => {
  const asked: string[] = []
  const { url } = await answering((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    response.writeHead(403, { 'set-cookie': 'sid=s3cret-c' }).end('no')
  })
  const place = `${url}?room=1&token=s3cret-a`
  const argv = ['capture', place, '--technique', 'polling', '--no-reconnect', '-H', 'Authorization: Bearer s3cret-b']
  const hidden = await pushscope(...argv).ended
  expect(asked).toContain('/?room=1&token=s3cret-a Bearer s3cret-b')
  expect(hidden.out + hidden.err).not.toContain('s3cret')
  expect(hidden.err).toContain('/?room=1&token=••••••••: ')
  expect(rowsOf(hidden.out).find(({ kind }) => kind === 'http-request')).toMatchObject({
    target: '/?room=1&token=••••••••',
  })
  const shown = await pushscope(...argv, '--secrets').ended
  for (const letter of 'abc') expect(shown.out).toContain(`s3cret-${letter}`)
  expect(shown.err).not.toContain('s3cret')
  const bad = await pushscope('capture', 'http://me:s3cret@h:99999/?token=s3cret').ended
  expect(bad.code).toBe(2)
  expect(bad.err).toContain('••••••••@h:99999')
  expect(bad.out + bad.err).not.toContain('s3cret')
})
