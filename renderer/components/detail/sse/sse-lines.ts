/**
 * Where each line of an event stream block lies among the row's bytes, so that a chosen line lights them.
 * What the lines mean was settled by the engine; nothing is parsed again here.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
import type { SseLine } from '../../../../preload/contract/index.ts'

/** Byte range of a line with its end; null where it cannot be told. */
export type LineRange = { start: number; end: number } | null

const END_BYTES: Readonly<Record<SseLine['end'], readonly number[]>> = {
  CR: [13],
  LF: [10],
  CRLF: [13, 10],
  '': [],
}

/**
 * The lines in order, each sought from where the last one ended. Bytes between lines (chunk framing, a BOM) are
 * passed over; a line that is cut by them or holds bytes that are not UTF-8 gets no range.
 */
export function lineRanges(bytes: Uint8Array, lines: readonly SseLine[]): LineRange[] {
  const encoder = new TextEncoder()
  let cursor = 0
  return lines.map((line) => {
    const needle = Uint8Array.from([...encoder.encode(line.text), ...END_BYTES[line.end]])
    // A blank line is only its end, which chunk framing has too: it counts only where the last line ended.
    const start = line.text === '' ? (matches(bytes, needle, cursor) ? cursor : -1) : find(bytes, needle, cursor)
    if (start < 0 || needle.length === 0) return null
    cursor = start + needle.length
    return { start, end: cursor }
  })
}

function find(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(needle[0]!, from); at >= 0; at = bytes.indexOf(needle[0]!, at + 1)) {
    if (matches(bytes, needle, at)) return at
  }
  return -1
}

function matches(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  if (at + needle.length > bytes.length) return false
  for (let i = 0; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false
  return true
}

/** What became of a line, in words for the reader. */
export const ROLE_WORDS: Readonly<Record<string, string>> = {
  data: 'added to the data',
  event: 'names the event',
  id: 'sets the last event ID',
  retry: 'sets the reconnection time',
  comment: 'a comment, passed over',
  blank: 'ends the block',
  ignored: 'ignored',
}
