/** What the system hands to the window: links, captures, archives. Only ever shown or filled in; nothing connects. */
import type { Opening } from '../../preload/channels.ts'
import { engine } from '../backend/index.ts'
import { page } from './about.ts'
import { showCapture } from './capture.ts'
import { addCapture } from './captures.ts'
import { notify } from './notices.ts'
import { form } from './request.ts'

window.pushscope?.onOpening((opening) => void show(opening))

async function show(opening: Opening): Promise<void> {
  if (opening.type === 'page') page.value = opening.page
  else if (opening.type === 'notice') notify('warning', opening.message, opening.hint)
  else if (opening.type === 'url') fillIn(opening)
  else await showFile(opening)
}

function fillIn({ url, message, hint }: Extract<Opening, { type: 'url' }>): void {
  form.url = url
  form.technique = 'auto'
  form.client = 'probe'
  notify('info', message, hint)
}

/** Only the engine looks into the file: one that it cannot list is damaged, and the copy of it is of no use. */
async function showFile({ id, message, hint }: Extract<Opening, { type: 'capture' }>): Promise<void> {
  const list = await engine.captures().catch(() => null)
  if (!list) return
  const info = list.find((capture) => capture.id === id)
  if (!info) {
    const result = await engine.openCapture(id)
    const why = result.ok ? '' : result.error.message
    if (message !== '') await engine.deleteCapture(id)
    return notify('fault', 'The file is damaged, or from a newer version of Pushscope.', why)
  }
  addCapture(info)
  await showCapture(info)
  if (message !== '') notify('info', message, hint)
}
