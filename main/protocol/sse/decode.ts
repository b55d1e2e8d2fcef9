/** Shows one block of an event stream. */
import type { SseFields } from '../../../preload/contract/index.ts'

export function readSseBlock(_raw: Uint8Array, lastEventId: string, _first: boolean): SseFields {
  return { event: 'message', data: '', id: null, lastEventId, retry: null, dropped: true, lines: [] }
}
