/**
 * Plain ASCII text in a million rows, in any case: the hot loop of a text search. Frames are looked at where they lie
 * in their page; what lies elsewhere is brought by the caller. See text-match.ts for what is searched.
 */
import { FLAG, KIND } from '../../preload/contract/index.ts'
import { placeIn, segmentOf, type PageView } from './page-view.ts'

export interface Finder {
  /** Whether a frame that lies whole in its page has the text; null: it does not lie there, or is compressed. */
  inFrame(page: PageView, row: number): boolean | null
  inBytes(bytes: Uint8Array): boolean
}

const FRAME = KIND['ws-frame']

/** `text` is in lower case and ASCII. */
export function createFinder(text: string): Finder {
  const needle = Buffer.from(text, 'latin1')
  let scratch = Buffer.allocUnsafe(64 * 1024)
  let known: PageView | null = null
  let inPage = true

  const has = (bytes: Uint8Array, start: number, end: number, key: number): boolean => {
    const length = end - start
    if (length < needle.length) return false
    if (length > scratch.length) scratch = Buffer.allocUnsafe(Math.max(length, scratch.length * 2))
    if (key === 0) fold(bytes, start, scratch, length)
    else unmaskAndFold(bytes, start, key, scratch, length)
    return contains(scratch, needle, length)
  }

  /** What is in no place of the page is in none of its unmasked frames: most pages are done with this one search. */
  const search = (page: PageView): void => {
    const { buffer, byteOffset, byteLength } = page.bytes
    const folded = Buffer.from(buffer, byteOffset, byteLength).toString('latin1').toLowerCase()
    known = page
    inPage = folded.includes(text)
  }

  return {
    inFrame(page, i) {
      const { narrow, wide } = page
      if (narrow.kind[i] !== FRAME || (narrow.flags[i]! & FLAG.compressed) !== 0) return null
      const length = wide.wireLength[i]!
      if (length < 2) return null
      const offset = wide.wireOffset[i]!
      const segment = segmentOf(page, narrow.connection[i]!, narrow.from[i]!, offset, offset + length)
      if (segment < 0) return null
      if (known !== page) search(page)
      const isMasked = (narrow.flags[i]! & FLAG.masked) !== 0
      if (!isMasked && !inPage) return false
      const { bytes } = page
      const at = placeIn(page, segment, offset)
      const length7 = bytes[at + 1]! & 127
      let start = at + 2 + (length7 === 126 ? 2 : length7 === 127 ? 8 : 0)
      let key = 0
      if (isMasked) {
        key = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
        start += 4
      }
      return has(bytes, start, at + length, key)
    },
    inBytes: (bytes) => has(bytes, 0, bytes.length, 0),
  }
}

/** Puts ASCII letters into lower case. */
function fold(bytes: Uint8Array, start: number, into: Uint8Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i]!
    into[i] = byte >= 65 && byte <= 90 ? byte | 32 : byte
  }
}

function unmaskAndFold(bytes: Uint8Array, start: number, key: number, into: Uint8Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const byte = (bytes[start + i]! ^ (key >>> ((i & 3) << 3))) & 255
    into[i] = byte >= 65 && byte <= 90 ? byte | 32 : byte
  }
}

/** In so few bytes a call into the engine's own search costs more than a loop. */
const FEW = 512

function contains(bytes: Buffer, needle: Buffer, length: number): boolean {
  if (length > FEW) return bytes.subarray(0, length).includes(needle)
  const first = needle[0]!
  const last = length - needle.length
  for (let i = 0; i <= last; i++) {
    if (bytes[i] !== first) continue
    let j = 1
    while (j < needle.length && bytes[i + j] === needle[j]) j++
    if (j === needle.length) return true
  }
  return false
}
