/** Sentences for the reader: what failed and what to try, or what was done. Shown by NoticeStack, read out politely. */
import { shallowReadonly, shallowRef } from 'vue'
import { maskText, type Failure, type Result } from '../../preload/contract/index.ts'

export interface Notice {
  id: number
  tone: 'info' | 'warning' | 'fault'
  message: string
  hint: string
}

const STAY = { info: 5_000, warning: 20_000, fault: 20_000 } as const // ms
const MOST = 4

const list = shallowRef<readonly Notice[]>([])
export const notices = shallowReadonly(list)
let lastId = 0

export function notify(tone: Notice['tone'], sentence: string, advice = ''): void {
  const [message, hint] = [maskText(sentence), maskText(advice)]
  // The same sentence twice is one notice: a failing action that is repeated must not pile up.
  const others = list.value.filter((notice) => notice.message !== message)
  const notice: Notice = { id: ++lastId, tone, message, hint }
  list.value = [...others, notice].slice(-MOST)
  setTimeout(() => dismiss(notice.id), STAY[tone])
}

export function dismiss(id: number): void {
  list.value = list.value.filter((notice) => notice.id !== id)
}

export const notifyFailure = (failure: Failure): void => notify('fault', failure.message, failure.hint)

/** The value of a result; a failure is told and becomes null. */
export function valueOf<T>(result: Result<T>): T | null {
  if (result.ok) return result.value
  notifyFailure(result.error)
  return null
}
