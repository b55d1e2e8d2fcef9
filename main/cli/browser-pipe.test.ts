import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { navigateOverPipe } from './browser-pipe.ts'

const FROM = 'http://127.0.0.1:1/opening'
const TO = 'http://127.0.0.1:1/#token=secret'

function play() {
  const [commands, answers] = [new PassThrough(), new PassThrough()]
  navigateOverPipe(commands, answers, FROM, TO)
  const said = (): Record<string, unknown>[] =>
    String(commands.read() ?? '')
      .split('\0')
      .filter(Boolean)
      .map((text) => JSON.parse(text) as Record<string, unknown>)
  const hear = async (...pieces: string[]): Promise<void> => {
    for (const piece of pieces) answers.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const target = (type: string, url: string, method = 'Target.targetCreated'): string =>
    `${JSON.stringify({ method, params: { targetInfo: { targetId: 'T', type, url } } })}\0`
  return { said, hear, target, commands, answers }
}

test('it asks for pages, attaches to ours once, sends it on, and lets go', async () => {
  const { said, hear, target } = play()
  expect(said()).toEqual([{ id: 1, method: 'Target.setDiscoverTargets', params: { discover: true } }])
  await hear(target('page', 'about:blank'), target('iframe', FROM), target('page', 'http://evil.example/opening'))
  expect(said()).toEqual([])
  const found = target('page', FROM, 'Target.targetInfoChanged')
  await hear(found.slice(0, 20), found.slice(20) + found)
  expect(said()).toEqual([{ id: 2, method: 'Target.attachToTarget', params: { targetId: 'T', flatten: true } }])
  await hear(`${JSON.stringify({ id: 2, result: { sessionId: 'S' } })}\0`)
  expect(said()).toEqual([{ id: 3, sessionId: 'S', method: 'Page.navigate', params: { url: TO } }])
  await hear(`${JSON.stringify({ id: 3, sessionId: 'S', result: {} })}\0`)
  expect(said().map(({ method, params }) => [method, params])).toEqual([
    ['Target.setDiscoverTargets', { discover: false }],
    ['Target.detachFromTarget', { sessionId: 'S' }],
  ])
})

test('a pipe that breaks is no fault', async () => {
  const { hear, commands, answers } = play()
  commands.destroy(new Error('EPIPE'))
  answers.destroy(new Error('ECONNRESET'))
  await expect(hear()).resolves.toBe(undefined)
})
