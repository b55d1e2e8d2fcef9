/**
 * Asks the engine one question at a time and keeps the last answer until the next one is there, so that nothing
 * flickers while someone steps through rows. Knows no row; DetailPane and its tabs say what to ask.
 */
import { onScopeDispose, readonly, shallowRef, watch, type ShallowRef } from 'vue'
import type { Failure, Result } from '../../../preload/contract/index.ts'

export interface Answer<T> {
  readonly value: Readonly<ShallowRef<T | null>>
  readonly failure: Readonly<ShallowRef<Failure | null>>
}

/** ms between repeated questions: soon at first, then seldom. */
const WAITS = [400, 800, 1_600, 3_200] as const
/** Repeats per question; after some minutes an answer is taken as final. */
const MOST_REPEATS = 60

/**
 * `question` is null when there is nothing to ask; its parts are compared, not its identity. While `unsettled` says
 * that more may come, the same question is asked again from time to time, and `value` changes only when the answer did.
 */
export function useAnswer<Q extends readonly (string | number)[], T>(
  question: () => Q | null,
  ask: (question: Q) => Promise<Result<T>>,
  unsettled: (value: T) => boolean = () => false,
): Answer<T> {
  const value: ShallowRef<T | null> = shallowRef(null)
  const failure: ShallowRef<Failure | null> = shallowRef(null)
  let asking = false
  let repeats = 0
  let disposed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  /** At most one question is under way; when it is answered and another is wanted by then, that one is asked. */
  async function run(): Promise<void> {
    if (asking) return
    asking = true
    try {
      await answer()
    } finally {
      asking = false
    }
    if (disposed) return
    if (question() === null) value.value = failure.value = null
    else if (value.value !== null && unsettled(value.value) && repeats < MOST_REPEATS) {
      timer = setTimeout(() => void run(), WAITS[Math.min(repeats++, WAITS.length - 1)])
    }
  }

  async function answer(): Promise<void> {
    for (let wanted = question(); wanted; wanted = question()) {
      const result = await ask(wanted)
      if (disposed) return
      if (!same(wanted, question())) continue
      if (result.ok) {
        failure.value = null
        if (JSON.stringify(result.value) !== JSON.stringify(value.value)) value.value = result.value
      } else {
        failure.value = result.error
        value.value = null
      }
      return
    }
  }

  watch(
    () => question()?.join('\n'),
    () => {
      clearTimeout(timer)
      repeats = 0
      void run()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
  })
  return {
    value: readonly(value) as Readonly<ShallowRef<T | null>>,
    failure: readonly(failure) as Readonly<ShallowRef<Failure | null>>,
  }
}

const same = (a: readonly unknown[], b: readonly unknown[] | null): boolean =>
  b !== null && a.length === b.length && a.every((part, index) => part === b[index])
