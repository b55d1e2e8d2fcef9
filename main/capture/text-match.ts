/**
 * Finds text in rows. Plain text is found in any case; `/pattern/flags` is a regular expression, taken literally when
 * it is none. Looked at: payload and content of messages, events, bodies and scripts; heads as they crossed the wire;
 * the words of rows that have only words.
 */
import { FLAG, KIND } from '../../preload/contract/index.ts'
import { contentOf, sourceOf, wireOf } from './decode/content.ts'
import { rowAt } from './decode/row.ts'
import { placeIn, segmentOf, type PageView } from './page-view.ts'
import type { Pages } from './pages.ts'

export interface TextMatcher {
  /** May take any time on some text: never run it where that would stall. */
  readonly isRegex: boolean
  matches(pages: Pages, page: PageView, row: number): boolean
}

/** Bytes of one row that a regular expression is tried on. */
const REGEX_BYTES = 1024 * 1024

export function compileText(text: string): TextMatcher {
  const regex = parseRegex(text)
  if (regex) {
    return {
      isRegex: true,
      matches(pages, page, i) {
        const bytes = searched(pages, page, i).subarray(0, REGEX_BYTES)
        regex.lastIndex = 0
        return regex.test(asBuffer(bytes).toString('utf8'))
      },
    }
  }
  const has = createFinder(text)
  return { isRegex: false, matches: (pages, page, i) => has(pages, page, i) }
}

function parseRegex(text: string): RegExp | null {
  const parts = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text)
  if (!parts) return null
  try {
    return new RegExp(parts[1]!, parts[2]!.replace(/[gy]/g, ''))
  } catch {
    return null // taken literally
  }
}

const FRAME = KIND['ws-frame']
const COMPRESSED = FLAG.compressed

function createFinder(text: string): TextMatcher['matches'] {
  const folded = text.toLowerCase()
  // ASCII letters only have ASCII counterparts here, so bytes can be compared; 'k' and 's' have others, and are rare.

  const ascii = /^[\u0000-\u007f]*$/.test(folded)
  if (!ascii)
    return (pages, page, i) =>
      asBuffer(searched(pages, page, i))
        .toString('utf8')
        .toLowerCase()
        .includes(folded)

  const needle = Buffer.from(folded, 'latin1')
  let scratch = Buffer.allocUnsafe(64 * 1024)
  return (pages, page, i) => {
    const { narrow } = page
    if (
      narrow.kind[i] === FRAME &&
      (narrow.flags[i]! & COMPRESSED) === 0 &&
      page.wide.payloadLength[i]! < needle.length
    )
      return false
    const fast = narrow.kind[i] === FRAME ? plainFrame(page, i) : null
    const bytes = fast ? fast.bytes : searched(pages, page, i)
    const start = fast ? fast.start : 0
    const length = bytes.length - start
    if (length < needle.length) return false
    if (length > scratch.length) scratch = Buffer.allocUnsafe(Math.max(length, scratch.length * 2))
    fold(bytes, start, fast ? fast.key : 0, scratch, length)
    return indexOf(scratch, needle, length)
  }
}

/** Unmasks and puts ASCII letters into lower case. */
function fold(bytes: Uint8Array, start: number, key: number, into: Uint8Array, length: number): void {
  const k0 = key & 255
  const k1 = (key >>> 8) & 255
  const k2 = (key >>> 16) & 255
  const k3 = (key >>> 24) & 255
  let shift = 0
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i]! ^ (shift === 0 ? k0 : shift === 1 ? k1 : shift === 2 ? k2 : k3)
    shift = (shift + 1) & 3
    into[i] = byte >= 65 && byte <= 90 ? byte | 32 : byte
  }
}

/** A search in so few bytes that a call into the engine's own costs more than it. */
function indexOf(bytes: Uint8Array, needle: Uint8Array, length: number): boolean {
  if (needle.length === 0) return true
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

const plain: { bytes: Uint8Array; start: number; key: number } = { bytes: new Uint8Array(0), start: 0, key: 0 }

/** An uncompressed frame that lies in one segment of its page: nearly all do. Null: read it the long way. */
function plainFrame(page: PageView, i: number): typeof plain | null {
  if ((page.narrow.flags[i]! & COMPRESSED) !== 0) return null
  const offset = page.wide.wireOffset[i]!
  const length = page.wide.wireLength[i]!
  const segment = segmentOf(page, page.narrow.connection[i]!, page.narrow.from[i]!, offset, offset + length)
  if (segment < 0 || length < 2) return null
  const { bytes } = page
  const at = placeIn(page, segment, offset)
  const second = bytes[at + 1]!
  let start = at + 2 + ((second & 127) === 126 ? 2 : (second & 127) === 127 ? 8 : 0)
  plain.key = 0
  if ((second & 128) !== 0) {
    plain.key = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
    start += 4
  }
  plain.start = start
  plain.bytes = bytes.subarray(0, at + length)
  return plain
}

/** The bytes of a row that text is looked for in. */
function searched(pages: Pages, page: PageView, i: number): Uint8Array {
  const row = rowAt(page, i)
  switch (row.kind) {
    case 'http-request':
    case 'http-response':
      return wireOf(pages, row)
    case 'sse-event':
    case 'sse-comment':
    case 'sse-retry':
    case 'sse-id':
    case 'script-call':
      return sourceOf(pages, row)
    case 'ws-frame':
    case 'ws-message':
    case 'http-body':
      return contentOf(pages, row)
    default:
      return Buffer.from(row.details ? JSON.stringify(Object.values(row.details)) : '')
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
