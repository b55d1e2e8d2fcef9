/**
 * Captured text made fit for one line of a list: nothing invisible stays invisible, nothing turns the line around.
 * Exports and payload views show the true bytes; this is for summaries only.
 */

export const SUMMARY_LENGTH = 300
/** Bytes that are enough for a summary, whatever they decode to. */
export const PREVIEW_BYTES = 1_200

/**
 * C1 controls, soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels,
 * Mongolian separators, zero-width and directional marks and overrides, line separators, invisible operators,
 * the byte order mark, interlinear marks, tag characters, halves of surrogate pairs.
 */
const HIDDEN =
  /[\u0080-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\p{Cs}/gu

const CONTROL = /[\u0000-\u001f\u007f]/g

const picture = (character: string): string => {
  const code = character.charCodeAt(0)
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code)
}

const escape = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`

/** One line of at most `limit` UTF-16 units; an ellipsis says that there is more. */
export function visible(text: string, limit: number = SUMMARY_LENGTH): string {
  const head = text.length > limit ? text.slice(0, limit + 1) : text
  const shown = head.replace(CONTROL, picture).replace(HIDDEN, escape)
  if (shown.length <= limit && head === text) return shown
  const cut = shown.slice(0, limit - 1)
  // not in the middle of a pair
  return (/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut) + '…'
}

/** The beginning of UTF-8 bytes as text; bad bytes are U+FFFD, a character cut by the end of `bytes` is left out. */
export function previewText(bytes: Uint8Array, isCut: boolean): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return isCut ? text.replace(/\ufffd{1,3}$/, '') : text
}

/** `84 a4 74 …` */
export function previewHex(bytes: Uint8Array, isCut: boolean): string {
  const shown = bytes.subarray(0, 40)
  const pairs = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return isCut || shown.length < bytes.length ? `${pairs} …` : pairs
}

/** Bytes that are valid UTF-8, as text; null when they are not. */
export function validText(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  if (!text.includes('\ufffd')) return text
  return Buffer.from(text, 'utf8').equals(buffer) ? text : null
}

/** `1.2 ms`, `340 µs`, `2.5 s` */
export function duration(microseconds: number): string {
  if (microseconds < 1_000) return `${Math.round(microseconds)} µs`
  if (microseconds < 1_000_000) return `${(microseconds / 1_000).toFixed(1)} ms`
  return `${(microseconds / 1_000_000).toFixed(1)} s`
}
