/** The keys that work everywhere, and the list of all keys that `?` shows. */
import { reactive, shallowRef } from 'vue'
import { page } from '../../state/about.ts'
import { captureId } from '../../state/capture.ts'
import { saveCapture } from '../../state/captures.ts'
import { toggleConnection } from '../../state/connection.ts'
import { toggleDetail, toggleSide } from '../../state/layout.ts'
import { notify } from '../../state/notices.ts'
import { pressListKey } from '../timeline/list-keys.ts'

/** Counters: a field takes the focus when its counter changes. */
export const focusRequests = reactive({ url: 0, search: 0, list: 0 })
export const keysAreShown = shallowRef(false)

export const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Ctrl+L'], does: 'Go to the URL' },
  { keys: ['Ctrl+Enter'], does: 'Connect or disconnect; in the composer: send' },
  { keys: ['Ctrl+K'], does: 'Search the rows' },
  { keys: ['↑', '↓', 'j', 'k'], does: 'Move by a row' },
  { keys: ['PageUp', 'PageDown'], does: 'Move by a screen' },
  { keys: ['Home', 'End'], does: 'First row; last row and follow' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['Esc'], does: 'Close the row' },
  { keys: ['Ctrl+S'], does: 'Save the capture as NDJSON' },
  { keys: ['Ctrl+B'], does: 'Show or hide servers and captures' },
  { keys: ['Ctrl+J'], does: 'Show or hide the detail' },
  { keys: ['F1'], does: 'About Pushscope' },
  { keys: ['?'], does: 'This list' },
]

const COMMANDS: Readonly<Record<string, () => void>> = {
  l: () => focusRequests.url++,
  k: () => focusRequests.search++,
  b: () => toggleSide(),
  j: () => toggleDetail(),
  s: () => {
    if (captureId.value === null) notify('info', 'There is no capture to save yet.')
    else void saveCapture(captureId.value)
  },
  enter: () => void toggleConnection(),
}

/** For `keydown` of the window. */
export function pressGlobalKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  if (event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey) {
    const command = COMMANDS[event.key.toLowerCase()]
    if (!command) return
    event.preventDefault()
    return command()
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'F1') {
    event.preventDefault() // browsers have a help of their own
    return showAbout()
  }
  if (isBusyElsewhere(event.target)) return
  if (event.key === '?') keysAreShown.value = true
  else if (!pressListKey(event)) return
  event.preventDefault()
}

/** One dialog at a time. */
export function showAbout(): void {
  keysAreShown.value = false
  page.value = 'about'
}

/** Letters belong to fields, arrows to widgets and menus; everything else leaves them to the list. */
function isBusyElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target === document.body) return false
  return (
    target.closest(
      'input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog], [role=listbox], [role=separator], [role=tablist], [role=tree], button, a',
    ) !== null
  )
}
