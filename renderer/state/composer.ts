/** What stands in the composer, kept while the window lives: one draft for each kind of message. */
import { reactive } from 'vue'

export type Mode = 'text' | 'json' | 'binary' | 'ping' | 'pong' | 'close'

export const composer = reactive<{
  mode: Mode
  drafts: Record<Exclude<Mode, 'close'>, string>
  code: string
  reason: string
}>({
  mode: 'text',
  drafts: { text: '', json: '', binary: '', ping: '', pong: '' },
  code: '1000',
  reason: '',
})
