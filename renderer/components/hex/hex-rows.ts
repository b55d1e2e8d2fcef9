/**
 * The pure half of the hex view: which rows are in sight, what stands in a row, where the cursor goes.
 * Knows no DOM; HexView.vue draws it.
 */

/** A named range of bytes, end exclusive. Ranges may overlap: the first byte of a frame holds five fields. */
export interface Mark {
  start: number
  end: number
  id: string
}

export const ROW_HEIGHT = 20

/** Chromium's tallest element is 33,554,428 px; past this many rows a scrollbar would stop short. */
export const MAX_ROWS = Math.floor(33_000_000 / ROW_HEIGHT)

export const rowCount = (length: number, width: number): number => Math.ceil(length / width)

/** The rows [first, last) to draw for a scroll position, with a few more on either side. */
export function rowsInSight(
  scrollTop: number,
  height: number,
  count: number,
  spare = 4,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - spare)
  const last = Math.min(count, Math.ceil((scrollTop + height) / ROW_HEIGHT) + spare)
  return { first: Math.min(first, Math.max(0, count - 1)), last: Math.max(last, 0) }
}

/** `0010`; eight digits once four do not suffice. */
export function offsetText(offset: number, length: number): string {
  return offset.toString(16).padStart(length > 0x1_0000 ? 8 : 4, '0')
}

/** How a hex view is set: bytes in a row, and whether letters and gaps are the smaller ones. */
export interface Setting {
  width: 8 | 16
  compact: boolean
}

/** Letters of a compact view are this much narrower: 11 px against 12 px. */
const COMPACT = 11 / 12

/** Characters across: each byte in hex with its gap; the gap before and after the bytes. HexView.vue's style says the same. */
const ROOMY_VIEW = { byte: 3, gap: 1.5 } as const
const COMPACT_VIEW = { byte: 2.6, gap: 1 } as const

/** Characters across of the hex part of a row, the wider gap in its middle included. */
export const bytesAcross = ({ width, compact }: Setting, length: number): number => {
  const bytes = Math.min(width, length)
  return bytes * (compact ? COMPACT_VIEW : ROOMY_VIEW).byte + (bytes > 8 ? 1 : 0)
}

/**
 * What fits a pane: 16 bytes in a row where they can be had, if need be in smaller letters; else 8.
 * What has fewer bytes than that needs room for those only. `characterWidth` in px of the monospace font at 12 px.
 */
export function settingFor(paneWidth: number, characterWidth: number, length: number): Setting {
  const digits = length > 0x1_0000 ? 8 : 4
  const fits = (compact: boolean): boolean => {
    const { gap } = compact ? COMPACT_VIEW : ROOMY_VIEW
    // offset, a gap, the bytes in hex, a gap, one character a byte.
    const characters = digits + gap + bytesAcross({ width: 16, compact }, length) + gap + Math.min(16, length)
    return characters * characterWidth * (compact ? COMPACT : 1) <= paneWidth
  }
  if (fits(false)) return { width: 16, compact: false }
  return fits(true) ? { width: 16, compact: true } : { width: 8, compact: false }
}

/** The ids of all marks that cover a byte. */
export function marksAt(marks: readonly Mark[], offset: number): string[] {
  return marks.filter((mark) => offset >= mark.start && offset < mark.end).map((mark) => mark.id)
}

/** The ranges of the marks with these ids, to light their bytes. */
export function rangesOf(marks: readonly Mark[], ids: readonly string[]): Mark[] {
  return marks.filter((mark) => ids.includes(mark.id))
}

export const inRanges = (ranges: readonly Mark[], offset: number): boolean =>
  ranges.some((range) => offset >= range.start && offset < range.end)

/** Where a key moves the cursor; null when the key moves nothing. `page` is in rows. */
export function moveCursor(
  key: string,
  cursor: number,
  length: number,
  width: number,
  page: number,
  toEnds: boolean,
): number | null {
  const rowStart = cursor - (cursor % width)
  const target: Record<string, number> = {
    ArrowLeft: cursor - 1,
    ArrowRight: cursor + 1,
    ArrowUp: cursor - width < 0 ? cursor : cursor - width,
    ArrowDown: cursor + width >= length ? cursor : cursor + width,
    PageUp: Math.max(cursor % width, cursor - page * width),
    PageDown: Math.min(length - 1, cursor + page * width),
    Home: toEnds ? 0 : rowStart,
    End: toEnds ? length - 1 : Math.min(rowStart + width, length) - 1,
  }
  const next = target[key]
  if (next === undefined || length === 0) return null
  return Math.min(Math.max(next, 0), length - 1)
}
