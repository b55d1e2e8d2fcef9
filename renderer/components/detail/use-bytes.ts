/** The bytes of a row, fetched in ranges and joined from the start; more on demand. Shows nothing by itself. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { BytesPart, Failure, Result } from '../../../preload/contract/index.ts'
import { engine } from '../../backend/index.ts'
import { fromBase64, joinBytes } from '../hex/bytes.ts'

/** The engine gives at most this much a call. */
const MOST_PER_CALL = 1_048_576
/** What is fetched without being asked for. */
export const FIRST = 65_536
/** More than this is never kept for showing; copying and saving go further. */
export const MOST_SHOWN = 16 * MOST_PER_CALL
/** More than this is not put into the clipboard or a file by the window. */
export const MOST_COPIED = 64 * MOST_PER_CALL

export interface BytesOf {
  capture: string
  seq: number
  part: BytesPart
  /** Bytes there are. */
  total: number
}

export interface LoadedBytes {
  readonly bytes: ShallowRef<Uint8Array>
  readonly busy: ShallowRef<boolean>
  readonly failure: ShallowRef<Failure | null>
  /** All there is has been fetched. */
  readonly complete: ComputedRef<boolean>
  /** More may be fetched for showing. */
  readonly canGrow: ComputedRef<boolean>
  more(): Promise<void>
}

export function useBytes(source: () => BytesOf, first = FIRST): LoadedBytes {
  const bytes = shallowRef<Uint8Array>(new Uint8Array(0))
  /** Still those of the row before: shown until the first of this one are here, so that nothing flickers. */
  const stale = shallowRef(false)
  const busy = shallowRef(false)
  const failure = shallowRef<Failure | null>(null)
  let generation = 0

  async function load(amount: number): Promise<void> {
    const mine = generation
    const of = source()
    const from = stale.value ? 0 : bytes.value.length
    const length = Math.min(amount, of.total - from, MOST_SHOWN - from)
    if (length <= 0) return
    busy.value = true
    const result = await fetchBytes(of, from, length)
    if (mine !== generation) return
    busy.value = false
    if (result.ok) bytes.value = from === 0 ? result.value : joinBytes([bytes.value, result.value])
    else {
      failure.value = result.error
      if (stale.value) bytes.value = new Uint8Array(0)
    }
    stale.value = false
  }

  watch(
    () => Object.values(source()).join('\n'),
    () => {
      generation++
      stale.value = source().total > 0
      if (!stale.value) bytes.value = new Uint8Array(0)
      failure.value = null
      busy.value = false
      void load(first)
    },
    { immediate: true },
  )

  const complete = computed(() => !stale.value && bytes.value.length >= source().total)
  return {
    bytes,
    busy,
    failure,
    complete,
    canGrow: computed(() => !complete.value && !stale.value && bytes.value.length < MOST_SHOWN),
    // The first step to one megabyte, then a megabyte at a time.
    more: () => (busy.value ? Promise.resolve() : load(MOST_PER_CALL - (bytes.value.length % MOST_PER_CALL))),
  }
}

/** A range of any length, in as many calls as it takes. Shorter when the engine has no more. */
export async function fetchBytes(of: BytesOf, from: number, length: number): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let done = 0; done < length;) {
    const result = await engine.bytes(of.capture, of.seq, of.part, from + done, Math.min(MOST_PER_CALL, length - done))
    if (!result.ok) return result
    const part = fromBase64(result.value)
    if (part.length === 0) break
    parts.push(part)
    done += part.length
  }
  return { ok: true, value: parts.length === 1 ? parts[0]! : joinBytes(parts) }
}
