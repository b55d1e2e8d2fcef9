/**
 * Which row the keys stand on (the cursor), which row is open in the detail, and whether the list follows its end.
 * Rows are remembered by seq, so that they stay the same row under another filter.
 */
import { computed, shallowReadonly, shallowRef, watch } from 'vue'
import type { RowSummary } from '../../preload/contract/index.ts'
import { engine } from '../backend/index.ts'
import { FOLLOWING, nextFollow, sticks, type FollowEvent } from '../components/timeline/follow.ts'
import { captureId, captureIsLive } from './capture.ts'
import { heldIndexOf, rowAt, rowCount, viewId } from './view.ts'

export interface Cursor {
  index: number
  /** 0 until the row itself has come. */
  seq: number
}

const cursorRef = shallowRef<Cursor | null>(null)
const openRef = shallowRef<number | null>(null)
const summaryRef = shallowRef<RowSummary | null>(null)
const follow = shallowRef(FOLLOWING)
const revealed = shallowRef(0)

export const cursor = shallowReadonly(cursorRef)
/** Seq of the row in the detail; null when none is open. */
export const openSeq = shallowReadonly(openRef)
/** That row as the list has it; null until it came. */
export const openSummary = shallowReadonly(summaryRef)
export const isFollowing = computed(() => sticks(follow.value))
/** Changes each time the cursor should be brought into sight. */
export const revealRequests = shallowReadonly(revealed)

export function followEvent(event: FollowEvent): void {
  follow.value = nextFollow(follow.value, event)
}

/** Moves the cursor; when a row is open, the detail goes along. `pull`: moving there releases the end of the list. */
export function moveCursor(index: number): void {
  const last = rowCount.value - 1
  if (last < 0) return
  const at = Math.max(0, Math.min(index, last))
  const before = cursorRef.value?.index ?? last
  const row = rowAt(at)
  cursorRef.value = { index: at, seq: row?.seq ?? 0 }
  revealed.value++
  followEvent({ type: 'moved', up: at < before, atEnd: at === last })
  if (openRef.value !== null) openCursor()
}

/** Opens the row under the cursor. */
export function openCursor(): void {
  const at = cursorRef.value
  const row = at && rowAt(at.index)
  if (row) openRow(row, at.index)
}

export function openRow(row: RowSummary, index: number): void {
  cursorRef.value = { index, seq: row.seq }
  openRef.value = row.seq
  summaryRef.value = row
  followEvent({ type: 'opened' })
}

export function closeRow(): void {
  openRef.value = null
  summaryRef.value = null
  followEvent({ type: 'closed' })
}

/** Esc: first the detail, then the cursor. */
export function leave(): void {
  if (openRef.value !== null) closeRow()
  else cursorRef.value = null
}

export function toggleFollowing(): void {
  followEvent({ type: 'toggled' })
  if (follow.value.open) return
  openRef.value = null
  summaryRef.value = null
}

/** Opens a row by its seq, wherever it is: a link in the detail. Stays open when the filter hides it. */
export async function openSeqAnywhere(seq: number): Promise<void> {
  const capture = captureId.value
  if (capture === null) return
  const index = await indexOfSeq(capture, seq)
  if (capture !== captureId.value) return
  openRef.value = seq
  followEvent({ type: 'opened' })
  const row = rowAt(index)
  summaryRef.value = row?.seq === seq ? row : null
  cursorRef.value = { index, seq }
  revealed.value++
  if (summaryRef.value) return
  const detail = await engine.row(capture, seq)
  if (detail.ok && openRef.value === seq && capture === captureId.value) summaryRef.value = detail.value
}

async function indexOfSeq(capture: string, seq: number): Promise<number> {
  const held = heldIndexOf(seq)
  if (held >= 0) return held
  const located = await engine.locate(capture, viewId.value, seq)
  return located.ok ? located.value : 0
}

// Under another filter the same row has another index.
watch(viewId, async () => {
  const capture = captureId.value
  const seq = openRef.value ?? cursorRef.value?.seq ?? 0
  if (capture === null || seq === 0) {
    cursorRef.value = null
    return
  }
  const index = await indexOfSeq(capture, seq)
  if (capture !== captureId.value || cursorRef.value?.seq !== seq) return
  cursorRef.value = { index, seq }
  revealed.value++
})

// Before its rows come, so that the list does not stick to an end that was followed in another capture.
watch(
  captureId,
  () => {
    cursorRef.value = null
    openRef.value = null
    summaryRef.value = null
    followEvent({ type: 'reset', live: captureIsLive.value })
  },
  { flush: 'sync' },
)
