/**
 * Where an event stream stands: the last event ID and the reconnection time that a reconnect would use. The rest of
 * the stream is not looked at. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'

export interface SsePosition {
  /** A piece of the body, cut anywhere. */
  feed(chunk: Uint8Array): void
  /** A new stream begins; what was unfinished is forgotten, ID and time stay. */
  restart(): void
  /** Null until the stream sets one; `''` once it took it back. */
  lastEventId(): string | null
  /** ms; null until the stream sets one. */
  retry(): number | null
}

/** Characters of a line that are kept; longer ids and retries are passed over. */
const LINE = DEFAULT_LIMITS.sseLine
const BOM = '\ufeff'
// the decoder's own removal takes two of them when they come in pieces
const createUtf8 = () => new TextDecoder('utf-8', { ignoreBOM: true })

export function createSsePosition(): SsePosition {
  let decoder = createUtf8()
  let atStart = true
  let line = ''
  let afterCr = false
  let pendingId: string | null = null
  let lastEventId: string | null = null
  let retry: number | null = null

  const endLine = (): void => {
    if (line === '') {
      // The ID counts when its block ends, data or not.
      lastEventId = pendingId ?? lastEventId
      pendingId = null
    } else if (line.startsWith('id')) {
      const value = valueOf(line, 'id')
      if (value !== null && !value.includes('\0')) pendingId = value
    } else if (line.startsWith('retry')) {
      const value = valueOf(line, 'retry')
      if (value !== null && /^[0-9]+$/.test(value)) retry = Number(value)
    }
    line = ''
  }

  return {
    feed(chunk) {
      const text = decoder.decode(chunk, { stream: true })
      let from = 0
      if (atStart && text !== '') {
        atStart = false
        if (text.startsWith(BOM)) from = 1
      }
      if (afterCr && text !== '') {
        if (text.charCodeAt(0) === 10) from = 1
        afterCr = false
      }
      const ends = /[\r\n]/g
      ends.lastIndex = from
      for (let end = ends.exec(text); end; end = ends.exec(text)) {
        if (line.length <= LINE) line += text.slice(from, end.index)
        endLine()
        from = end.index + 1
        if (end[0] !== '\r') continue
        if (from === text.length) afterCr = true
        else if (text.charCodeAt(from) === 10) from += 1
        ends.lastIndex = from
      }
      if (line.length <= LINE) line += text.slice(from)
    },
    restart() {
      decoder = createUtf8()
      atStart = true
      line = ''
      afterCr = false
      pendingId = null
    },
    lastEventId: () => lastEventId,
    retry: () => retry,
  }
}

/** The value when the line is that field: after the colon, less one space. */
function valueOf(line: string, field: string): string | null {
  if (line.length > LINE) return null
  if (line === field) return ''
  if (line.charCodeAt(field.length) !== 58) return null
  return line.slice(line.charCodeAt(field.length + 1) === 32 ? field.length + 2 : field.length + 1)
}
