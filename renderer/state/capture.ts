/** The capture on show: which one, its running totals, and how its traffic went over time. */
import { computed, shallowReadonly, shallowRef } from 'vue'
import type { CaptureInfo, CaptureProgress, CaptureState } from '../../preload/contract/index.ts'
import { engine, onLinkOpen, onWindowEvent } from '../backend/index.ts'
import { captureInfo, isLive } from './captures.ts'
import { oncePerFrame } from './frames.ts'
import { createHistory } from './history.ts'
import { valueOf } from './notices.ts'

const id = shallowRef<string | null>(null)
const started = shallowRef<CaptureInfo | null>(null)
const totals = shallowRef<CaptureProgress | null>(null)
const opened = new Set<(progress: CaptureProgress) => void>()

export const captureId = shallowReadonly(id)
export const progress = shallowReadonly(totals)
/** What the list says of it, and until the list has it what the engine said when it began. */
export const capture = computed<CaptureInfo | null>(() =>
  id.value === null ? null : (captureInfo(id.value) ?? started.value),
)
export const captureState = computed<CaptureState | null>(() => totals.value?.state ?? capture.value?.state ?? null)
export const captureIsLive = computed(() => captureState.value !== null && isLive({ state: captureState.value }))

export const history = createHistory()

/** Rows a second past which nobody reads along; the list then moves less often, and leaves the processor to the engine. */
const FLOOD = 1_000
/** ms between two updates in a flood. */
const FLOOD_GAP = 66

let newest: CaptureProgress | null = null
let appliedAt = 0
let later: ReturnType<typeof setTimeout> | undefined
const apply = oncePerFrame(() => {
  clearTimeout(later)
  later = undefined
  appliedAt = performance.now()
  if (!newest || newest.capture !== id.value) return
  history.add(newest)
  totals.value = newest
  newest = null
})
onWindowEvent('progress', (next) => {
  if (next.capture !== id.value) return
  newest = next
  const wait = next.rate.rows > FLOOD ? appliedAt + FLOOD_GAP - performance.now() : 0
  if (wait <= 0) apply()
  else later ??= setTimeout(apply, wait)
})

/** Called when another capture comes on show, before its rows do. */
export function onCaptureOpened(listener: (progress: CaptureProgress) => void): void {
  opened.add(listener)
}

export async function showCapture(info: CaptureInfo): Promise<void> {
  if (id.value === info.id && totals.value) return
  started.value = info
  newest = null
  totals.value = null
  history.clear()
  // Last: who watches it wants to know whether it is live.
  id.value = info.id
  await refresh()
}

export function closeCapture(): void {
  totals.value = null
  id.value = null
}

/** Asks for the totals again; after a lost link nothing of what was pushed meanwhile is known. */
async function refresh(): Promise<void> {
  const wanted = id.value
  if (wanted === null) return
  const next = valueOf(await engine.openCapture(wanted))
  if (id.value !== wanted) return
  if (!next) return closeCapture()
  const latest: CaptureProgress | null = totals.value
  // A push may have overtaken the answer.
  if (!latest || latest.rows <= next.rows) totals.value = next
  for (const listener of opened) listener(next)
}
onLinkOpen(refresh)
