/** Keys that move in the list of rows and open them. */
import { shallowRef } from 'vue'
import { cursor, isFollowing, leave, moveCursor, openCursor, openSeq } from '../../state/selection.ts'
import { rowCount } from '../../state/view.ts'

/** Whole rows in sight; set by the list. */
export const pageRows = shallowRef(1)

/** True when the key was one of these. */
export function pressListKey({ key }: KeyboardEvent): boolean {
  if (key === 'Escape') {
    if (openSeq.value === null && cursor.value === null) return false
    leave()
    return true
  }
  const last = rowCount.value - 1
  if (last < 0) return false
  const stood = cursor.value?.index ?? null
  // Rows that arrive while the list follows its end carry the cursor out of sight.
  const lost = isFollowing.value && stood !== null && stood <= last - pageRows.value
  const at = lost ? null : stood
  // The first key stands where the eye is: at the end when the list follows, else at the top.
  const start = isFollowing.value ? last : 0
  const page = Math.max(1, pageRows.value - 1)
  switch (key) {
    case 'ArrowDown':
    case 'j':
      moveCursor(at === null ? start : at + 1)
      return true
    case 'ArrowUp':
    case 'k':
      moveCursor(at === null ? start : at - 1)
      return true
    case 'PageDown':
      moveCursor((at ?? start) + page)
      return true
    case 'PageUp':
      moveCursor((at ?? start) - page)
      return true
    case 'Home':
      moveCursor(0)
      return true
    case 'End':
      moveCursor(last)
      return true
    case 'Enter':
      if (stood === null) return false
      openCursor()
      return true
    default:
      return false
  }
}
