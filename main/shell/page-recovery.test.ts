import { expect, test } from 'vitest'
import { createPageRecovery } from './page-recovery.ts'

function play() {
  const done: string[] = []
  const clock = { now: 0 }
  const gone = createPageRecovery({
    reload: () => done.push('reload'),
    giveUp: (sentence) => done.push(sentence),
    now: () => clock.now,
  })
  return { done, clock, gone }
}

test('a page that dies is loaded again; one that ends is not', () => {
  const { done, gone } = play()
  gone({ reason: 'clean-exit' })
  expect(done).toEqual([])
  gone({ reason: 'crashed' })
  gone({ reason: 'oom' })
  expect(done).toEqual(['reload', 'reload'])
})

test('one that keeps dying is left, with a sentence; deaths far apart are not counted together', () => {
  const { done, clock, gone } = play()
  for (let death = 0; death < 10; death++) {
    gone({ reason: 'crashed' })
    clock.now += 30_000
  }
  expect(done).toEqual(Array<string>(10).fill('reload'))
  clock.now += 60_000
  for (let death = 0; death < 4; death++) gone({ reason: 'launch-failed' })
  expect(done.slice(10)).toEqual(['reload', 'reload', 'reload', expect.stringContaining('(launch-failed)')])
})
