import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { fail, ok, type Result } from '../../../preload/contract/index.ts'
import { type Answer, useAnswer } from './use-answer.ts'

let scope: EffectScope
beforeEach(() => {
  scope = effectScope()
  vi.useFakeTimers()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

/** An engine that answers when told to. */
function asked() {
  const open: { seq: number; answer: (result: Result<string>) => void }[] = []
  const ask = ([seq]: readonly [number]): Promise<Result<string>> => new Promise((answer) => open.push({ seq, answer }))
  return { open, ask }
}
const settle = async (): Promise<void> => {
  await nextTick()
  await vi.advanceTimersByTimeAsync(0)
}

describe('one question at a time', () => {
  test('the last answer stays until the next is there, and questions overtaken meanwhile are not asked', async () => {
    const seq = ref(1)
    const { open, ask } = asked()
    const { value } = scope.run(() => useAnswer(() => [seq.value] as const, ask)) as Answer<string>
    open[0]!.answer(ok('one'))
    await settle()
    expect(value.value).toBe('one')
    for (seq.value = 2; seq.value < 9; seq.value++) await nextTick()
    expect(open.map((call) => call.seq)).toEqual([1, 2])
    expect(value.value).toBe('one')
    open[1]!.answer(ok('two'))
    await settle()
    expect(value.value).toBe('one')
    expect(open.map((call) => call.seq)).toEqual([1, 2, 9])
    open[2]!.answer(ok('nine'))
    await settle()
    expect(value.value).toBe('nine')
  })

  test('nothing to ask clears the answer', async () => {
    const seq = ref<number | null>(1)
    const { open, ask } = asked()
    const { value } = scope.run(() =>
      useAnswer(() => (seq.value === null ? null : ([seq.value] as const)), ask),
    ) as Answer<string>
    open[0]!.answer(ok('one'))
    await settle()
    seq.value = null
    await settle()
    expect(value.value).toBeNull()
  })

  test('a failure takes the place of the answer', async () => {
    const seq = ref(1)
    const { open, ask } = asked()
    const { value, failure } = scope.run(() => useAnswer(() => [seq.value] as const, ask)) as Answer<string>
    open[0]!.answer(ok('one'))
    await settle()
    seq.value = 2
    await settle()
    open[1]!.answer(fail('not-found', 'No such row.'))
    await settle()
    expect([value.value, failure.value?.code]).toEqual([null, 'not-found'])
  })
})

describe('unsettled answers', () => {
  test('are asked for again, less and less often, until they settle', async () => {
    const { open, ask } = asked()
    const { value } = scope.run(() =>
      useAnswer(
        () => [1] as const,
        ask,
        (text) => text === 'ping',
      ),
    ) as Answer<string>
    open[0]!.answer(ok('ping'))
    await settle()
    await vi.advanceTimersByTimeAsync(399)
    expect(open).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(open).toHaveLength(2)
    open[1]!.answer(ok('ping'))
    await settle()
    await vi.advanceTimersByTimeAsync(799)
    expect(open).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    open[2]!.answer(ok('pong'))
    await settle()
    expect(value.value).toBe('pong')
    await vi.advanceTimersByTimeAsync(100_000)
    expect(open).toHaveLength(3)
  })

  test('are not asked for when nobody looks any more', async () => {
    const { open, ask } = asked()
    scope.run(() =>
      useAnswer(
        () => [1] as const,
        ask,
        () => true,
      ),
    )
    open[0]!.answer(ok('ping'))
    await settle()
    scope.stop()
    await vi.advanceTimersByTimeAsync(100_000)
    expect(open).toHaveLength(1)
  })
})
