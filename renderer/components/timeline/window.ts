/**
 * The window of a list that is too long to draw: which rows are in sight, and how the scroll bar stands for them.
 * Pure. Positions are px of an imaginary list, ROW px a row; the scroll bar works on a spacer of at most TALLEST px,
 * because Chromium draws no element taller than 33,554,428 px.
 */
export const ROW = 24
export const TALLEST = 15_000_000

export interface Extent {
  /** Rows in the list. */
  count: number
  /** Height of what can be seen, px. */
  viewport: number
}

export interface Window {
  first: number
  /** One after the last row in sight, cut ones included. */
  end: number
  /** px of row `first` that lie above the edge. */
  cut: number
}

export const spacerHeight = ({ count }: Extent): number => Math.min(count * ROW, TALLEST)

/** The scroll bar's px are not the list's px. */
export const isScaled = ({ count }: Extent): boolean => count * ROW > TALLEST

export const maxOffset = ({ count, viewport }: Extent): number => Math.max(0, count * ROW - viewport)

export const clampOffset = (offset: number, extent: Extent): number => Math.max(0, Math.min(offset, maxOffset(extent)))

/** The position in the list for a position of the scroll bar. */
export function offsetOf(scrollTop: number, extent: Extent): number {
  if (!isScaled(extent)) return clampOffset(scrollTop, extent)
  const room = spacerHeight(extent) - extent.viewport
  return clampOffset((scrollTop / room) * maxOffset(extent), extent)
}

/** The position of the scroll bar for a position in the list. */
export function scrollOf(offset: number, extent: Extent): number {
  if (!isScaled(extent)) return clampOffset(offset, extent)
  const room = spacerHeight(extent) - extent.viewport
  return (clampOffset(offset, extent) / maxOffset(extent)) * room
}

export function windowAt(offset: number, extent: Extent): Window {
  const at = clampOffset(offset, extent)
  const first = Math.floor(at / ROW)
  return { first, end: Math.min(extent.count, Math.ceil((at + extent.viewport) / ROW)), cut: at - first * ROW }
}

/** The nearest offset at which the row is wholly in sight. */
export function reveal(index: number, offset: number, extent: Extent): number {
  const top = index * ROW
  if (top < offset) return clampOffset(top, extent)
  if (top + ROW > offset + extent.viewport) return clampOffset(top + ROW - extent.viewport, extent)
  return clampOffset(offset, extent)
}
