import { expect, test } from 'vitest'
import { DEFAULT_REQUEST, fail, ok, type EngineApi } from '../../preload/contract/index.ts'
import { checkControls, guard } from './check.ts'

/** An api in which every call notes its arguments; `row` throws. */
function notingApi(calls: unknown[][]): EngineApi {
  return new Proxy({} as EngineApi, {
    get:
      (_, name) =>
      async (...args: unknown[]) => {
        if (name === 'row') throw new Error('disk gone')
        calls.push([name, ...args])
        return ok(null)
      },
  })
}

const cases: { name: keyof EngineApi; args: unknown[]; passes: boolean }[] = [
  { name: 'hello', args: [], passes: true },
  { name: 'hello', args: [1], passes: false },
  { name: 'startServer', args: ['sse'], passes: true },
  { name: 'startServer', args: ['ftp'], passes: false },
  { name: 'startServer', args: [], passes: false },
  { name: 'connect', args: [{ ...DEFAULT_REQUEST, url: 'ws://127.0.0.1' }], passes: true },
  { name: 'connect', args: [{ ...DEFAULT_REQUEST, url: 'ws://127.0.0.1', method: 'GET /\r\nX: y' }], passes: false },
  { name: 'connect', args: [{ ...DEFAULT_REQUEST }], passes: false },
  { name: 'send', args: ['c1', { type: 'text', text: 'x' }], passes: true },
  { name: 'send', args: ['c1', { type: 'binary', base64: 'AAA=' }], passes: true },
  { name: 'send', args: ['c1', { type: 'binary', base64: 'not base64!' }], passes: false },
  { name: 'send', args: ['../../etc/passwd', { type: 'text', text: 'x' }], passes: false },
  { name: 'rows', args: ['c1', 0, 0, 500], passes: true },
  { name: 'rows', args: ['c1', 0, 0, 501], passes: false },
  { name: 'rows', args: ['c1', 0, -1, 5], passes: false },
  { name: 'bytes', args: ['c1', 1, 'wire', 0, 1_048_576], passes: true },
  { name: 'bytes', args: ['c1', 1, 'wire', 0, 1_048_577], passes: false },
  { name: 'saveSetting', args: ['n'.repeat(64), 'x'.repeat(65_534)], passes: true },
  { name: 'saveSetting', args: ['n'.repeat(65), 1], passes: false },
  { name: 'saveSetting', args: ['', 1], passes: false },
  { name: 'saveSetting', args: ['n', 'x'.repeat(65_535)], passes: false },
  { name: 'renameCapture', args: ['c1', '   '], passes: false },
]

test.each(cases)('$name($args) passes the door: $passes', async ({ name, args, passes }) => {
  const calls: unknown[][] = []
  const api = guard(notingApi(calls), () => undefined)
  const answer = await (api[name] as (...args: unknown[]) => Promise<unknown>)(...args)
  expect(calls.length).toBe(passes ? 1 : 0)
  if (!passes) expect(answer).toMatchObject({ ok: false, error: { code: 'bad-argument' } })
})

test('an exception becomes a value, and is logged', async () => {
  const logged: unknown[] = []
  const answer = await guard(notingApi([]), (error) => logged.push(error)).row('c1', 1)
  expect(answer).toEqual(fail('internal', 'row failed: disk gone'))
  expect(logged).toHaveLength(1)
})

test.each([
  [{ interval: 100 }, true],
  [{ interval: 0 }, false],
  [{ interval: Number.NaN }, false],
  [{ paused: true }, true],
  [{ paused: 'yes' }, false],
  [{ event: 'x'.repeat(201) }, false],
  [{ nonsense: 1 }, false],
])('controls %j are taken: %s', (values, taken) => {
  expect(checkControls('sse', values).ok).toBe(taken)
})
