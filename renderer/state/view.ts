/**
 * The view on show: its rows by index, kept in step with the engine. View 0 is all rows and is fed by the pushed tail;
 * a filtered view is the engine's answer to the filter bar. What the reader does with rows is in selection.ts.
 */
import { computed, shallowReadonly, shallowRef, triggerRef, watch } from 'vue'
import type { CaptureProgress, RowSummary, ViewInfo } from '../../preload/contract/index.ts'
import { engine, onLinkOpen, onWindowEvent } from '../backend/index.ts'
import { captureId, captureIsLive, onCaptureOpened, progress } from './capture.ts'
import { clearFilter, filterChoice, isFiltered, toFilter } from './filter.ts'
import { valueOf } from './notices.ts'
import { createRowPages } from './row-pages.ts'

/** Rows at the end of a filtered view that are fetched before it is shown longer, so that none appears empty. */
const END_ROWS = 64

const ALL = 0
const view = shallowRef(ALL)
const count = shallowRef(0)
const scanned = shallowRef(0)
const toScan = shallowRef(0)
const waiting = shallowRef(false)
const pages = shallowRef(createRowPages())

/** Rows in the view. */
export const rowCount = shallowReadonly(count)
export const viewId = shallowReadonly(view)
/** A new filter's rows are on their way; what is shown is the old view. */
export const viewIsComing = shallowReadonly(waiting)
/** How much of what was there when the filter was set it has looked at, 0 to 1. Rows that arrive later do not count. */
export const scannedShare = computed(() =>
  view.value === ALL || toScan.value === 0 ? 1 : Math.min(1, scanned.value / toScan.value),
)

/** The row at that index, when the window holds it. Reactive: asks again when rows arrive. */
export const rowAt = (index: number): RowSummary | undefined => pages.value.at(index)
export const heldIndexOf = (seq: number): number => pages.value.indexOf(seq)

const settled = (rows: number): number => (captureIsLive.value ? rows : Infinity)

/** `true` while the list shows the end and rows must be there before the list grows. Set by the list. */
let showsEnd = true
export function setShowsEnd(shows: boolean): void {
  showsEnd = shows
}

watch(progress, (next) => {
  if (!next || view.value !== ALL) return
  takeTail(next)
})

function takeTail({ rows, tail }: CaptureProgress): void {
  if (rows < count.value) return
  pages.value.put(rows - tail.length, tail, rows)
  count.value = rows
  triggerRef(pages)
}

// The window asks for a range at a time; what it asked for meanwhile replaces what it asked for before.
let fetching = false
let wanted: { first: number; end: number } | null = null

/** Sees to it that these rows come. */
export function wantRows(first: number, end: number): void {
  wanted = { first, end }
  if (!fetching) void fetchWanted()
}

async function fetchWanted(): Promise<void> {
  fetching = true
  while (wanted) {
    const { first, end } = wanted
    wanted = null
    const range = pages.value.missing(first, Math.min(end, count.value), count.value)
    if (range && !(await fetchRows(range.from, range.count))) break
  }
  fetching = false
}

/** False when the engine could not give them. */
async function fetchRows(from: number, length: number): Promise<boolean> {
  const [capture, id, held, rows] = [captureId.value, view.value, pages.value, settled(count.value)]
  if (capture === null) return false
  const result = await engine.rows(capture, id, from, length)
  // Another view came on show meanwhile: its rows are not these, and the old ones are no loss.
  if (held !== pages.value) return true
  if (!result.ok) return false
  held.put(from, result.value, rows)
  triggerRef(pages)
  return true
}

/** A view that was made and is not on show yet: it may grow meanwhile. */
let coming: ViewInfo | null = null
let growing = false
let newest: ViewInfo | null = null
onWindowEvent('viewChanged', (info) => {
  if (info.capture === captureId.value && info.view === coming?.view) coming = info
  if (info.capture !== captureId.value || info.view !== view.value || view.value === ALL) return
  newest = info
  if (!growing) void grow()
})

/** Follows a filtered view as it grows. */
async function grow(): Promise<void> {
  growing = true
  while (newest) {
    const info: ViewInfo = newest
    newest = null
    if (showsEnd && info.count > count.value) {
      const from = Math.max(0, info.count - END_ROWS)
      await fetchRows(from, info.count - from)
    }
    if (info.view === view.value) {
      scanned.value = info.scanned
      count.value = info.count
    }
  }
  growing = false
}

function show(id: number, info: { count: number; scanned: number }): void {
  view.value = id
  pages.value = createRowPages()
  count.value = info.count
  scanned.value = info.scanned
}

let asked = 0
/** Makes the view that the filter asks for, and drops the one before. */
async function applyFilter(): Promise<void> {
  const capture = captureId.value
  const ticket = ++asked
  if (capture === null) return
  const before = view.value
  if (!isFiltered.value) {
    waiting.value = false
    if (before !== ALL) showAll()
  } else {
    waiting.value = true
    const isStale = (): boolean => ticket !== asked || capture !== captureId.value
    const info = valueOf(await engine.createView(capture, toFilter(filterChoice.value)))
    // Bring the rows that will be in sight along, so that the view does not begin with empty lines.
    const from = info && showsEnd ? Math.max(0, info.count - END_ROWS) : 0
    coming = info
    const first = info && !isStale() ? await engine.rows(capture, info.view, from, END_ROWS) : null
    if (isStale()) {
      if (info) void engine.dropView(capture, info.view)
      return
    }
    waiting.value = false
    if (!coming) return
    show(coming.view, coming)
    toScan.value = progress.value?.rows ?? 0
    if (first?.ok) pages.value.put(from, first.value, settled(coming.count))
    coming = null
  }
  if (before !== ALL) void engine.dropView(capture, before)
}

function showAll(): void {
  show(ALL, { count: 0, scanned: 0 })
  if (progress.value) takeTail(progress.value)
}

watch(filterChoice, applyFilter)

/** The capture whose rows are here. */
let shown: string | null = null
onCaptureOpened((next) => {
  if (shown !== next.capture) {
    // A filter that was made for another capture hides rows that nobody has seen yet.
    shown = next.capture
    clearFilter()
  }
  void reload()
})
watch(captureId, (id) => {
  if (id === shown) return
  asked++
  waiting.value = false
  show(ALL, { count: 0, scanned: 0 })
})
// The engine may be a new one, which knows none of the views.
onLinkOpen(() => void reload())

async function reload(): Promise<void> {
  showAll()
  if (isFiltered.value) await applyFilter()
}

// A capture that is over changes no more; what was read near its end is read once again.
watch(captureIsLive, (live) => {
  if (!live) triggerRef(pages)
})
