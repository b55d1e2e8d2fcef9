import { EventEmitter } from 'node:events'
import type { MessagePortMain } from 'electron'
import { expect, test } from 'vitest'
import { createEngineProcess, type EngineChild } from './engine-process.ts'

class Child extends EventEmitter implements EngineChild {
  messages: unknown[] = []
  killed = false
  postMessage(message: unknown, transfer: unknown[] = []): void {
    this.messages.push([message, ...transfer])
  }
  kill(): boolean {
    this.killed = true
    return true
  }
}

const port = {} as MessagePortMain

/** Timers and the clock are in the test's hands. */
function play() {
  const children: Child[] = []
  const timers: { call: () => void; ms: number }[] = []
  const said: string[] = []
  const clock = { now: 0 }
  const engine = createEngineProcess({
    fork() {
      const child = new Child()
      children.push(child)
      return child
    },
    onUp: () => said.push('up'),
    onDown: (reason) => said.push(reason),
    now: () => clock.now,
    later: (call, ms) => timers.push({ call, ms }),
  })
  return { engine, children, timers, said, clock, last: () => children.at(-1)! }
}

test('a port is given to a process that runs, and to none that does not', () => {
  const { engine, last } = play()
  expect(engine.give(port, '')).toBe(false)
  last().emit('spawn')
  expect(engine.give(port, 'because')).toBe(true)
  expect(last().messages).toEqual([[{ type: 'window', restarted: 'because' }, port]])
  last().emit('exit', 1)
  expect(engine.give(port, '')).toBe(false)
})

test('a process that dies is started again, slower each time, and at once again after it was well', () => {
  const { children, timers, said, clock, last } = play()
  const waits: number[] = []
  for (let death = 0; death < 8; death++) {
    last().emit('spawn')
    last().emit('exit', 139)
    const timer = timers.pop()!
    waits.push(timer.ms)
    timer.call()
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  expect(children.length).toBe(9)
  expect(said.slice(0, 2)).toEqual(['up', 'The engine ended unexpectedly (exit code 139) and is started again.'])
  clock.now += 60_000
  last().emit('exit', 1)
  expect(timers.pop()!.ms).toBe(250)
})

test('a process that V8 gives up on is no fault of ours, and its successor is told why', () => {
  const { timers, said, last } = play()
  last().emit('spawn')
  last().emit('error', 'FatalError', 'Reached heap limit', '{}')
  last().emit('exit', 133)
  timers.pop()!.call()
  last().emit('exit', 1)
  expect(said.slice(1)).toEqual([
    'The engine ended unexpectedly (FatalError in Reached heap limit) and is started again.',
    'The engine ended unexpectedly (exit code 1) and is started again.',
  ])
})

test('stopping asks it to close, waits for it, and starts no other', async () => {
  const { engine, children, timers, said, last } = play()
  last().emit('spawn')
  const stopped = engine.stop()
  expect(last().messages).toEqual([[{ type: 'close' }]])
  last().emit('exit', 0)
  await stopped
  timers.pop()!.call()
  expect(last().killed).toBe(false)
  expect(children.length).toBe(1)
  expect(said).toEqual(['up'])
})

test('one that does not close in time is killed', async () => {
  const { engine, timers, last } = play()
  last().emit('spawn')
  const stopped = engine.stop()
  timers.pop()!.call()
  expect(last().killed).toBe(true)
  last().emit('exit', 137)
  await stopped
})

test('stopping between two lives resolves at once and ends the restarts', async () => {
  const { engine, children, timers, last } = play()
  last().emit('spawn')
  last().emit('exit', 1)
  await engine.stop()
  timers.pop()!.call()
  expect(children.length).toBe(1)
})
