/**
 * Small settings that outlive the window. The engine keeps them in the data directory: a browser host has another port
 * at each start, so what its page would keep by itself is never seen again. What makes no sense is as if it were not there.
 */
import { shallowRef, watch, type ShallowRef } from 'vue'
import { engine, onLinkOpen } from '../backend/index.ts'
import type { Json } from '../../preload/contract/index.ts'

/** ms between two saves: panes that are dragged change at every move. */
const REST = 200

/** As the engine keeps them, or soon will; null until it has said so. */
let kept: Map<string, Json> | null = null
const adopters: (() => void)[] = []
/** Here, in this window: what the engine answers may be older. */
const changed = new Set<string>()
const unsaved = new Map<string, Json>()
let timer: ReturnType<typeof setTimeout> | undefined

let ready = (): void => undefined
/** Resolves when the settings of the last time are in their refs. */
export const settingsRead = new Promise<void>((resolve) => (ready = resolve))

onLinkOpen(async () => {
  if (kept) return
  const read = await engine.settings()
  if (!read.ok || kept) return // the link dropped: asked again when it is back
  kept = new Map(Object.entries(read.value))
  for (const adopt of adopters) adopt()
  ready()
})

/** A ref kept under `name`; `check` decides whether a stored value can be used. What was changed before it came stays. */
export function stored<T extends Json>(name: string, initial: T, check: (value: unknown) => value is T): ShallowRef<T> {
  const value = shallowRef(initial) as ShallowRef<T>
  const found = (): void => {
    const last = kept?.get(name)
    if (last !== undefined && !changed.has(name) && check(last)) value.value = last
  }
  if (kept) found()
  else adopters.push(found)
  watch(
    value,
    (next) => {
      if (kept?.get(name) === next) return
      kept?.set(name, next)
      changed.add(name)
      unsaved.set(name, next)
      if (timer === undefined) save()
    },
    { flush: 'sync' },
  )
  return value
}

/** The first change goes at once: what a window says while it closes may get lost on its way. */
function save(): void {
  clearTimeout(timer)
  timer = unsaved.size > 0 ? setTimeout(save, REST) : undefined
  for (const [name, value] of unsaved) void engine.saveSetting(name, value)
  unsaved.clear()
}
// The window may go before the rest is over.
addEventListener('pagehide', save)

export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const oneOf =
  <const T extends string>(...names: T[]) =>
  (value: unknown): value is T =>
    names.some((name) => name === value)
export const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
