/** Small settings that outlive the window, in localStorage. What does not parse is as if it were not there. */
import { shallowRef, watch, type ShallowRef } from 'vue'

/** A ref kept under `pushscope.<name>`; `check` decides whether a stored value can be used. */
export function stored<T>(name: string, initial: T, check: (value: unknown) => value is T): ShallowRef<T> {
  const key = `pushscope.${name}`
  const value = shallowRef(read(key, initial, check))
  watch(value, (next) => {
    try {
      localStorage.setItem(key, JSON.stringify(next))
    } catch {
      // Full or forbidden: the setting lasts as long as the window.
    }
  })
  return value
}

function read<T>(key: string, initial: T, check: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return check(value) ? value : initial
  } catch {
    return initial
  }
}

export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
export const oneOf =
  <const T extends string>(...names: T[]) =>
  (value: unknown): value is T =>
    names.some((name) => name === value)
export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
