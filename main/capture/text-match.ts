/**
 * Finds text in rows. Plain text is found in any case; `/pattern/flags` is a regular expression, taken literally when
 * it is none. Looked at: payload and content of messages, events, bodies and scripts; heads as they crossed the wire;
 * the words of rows that have only words.
 */
import { contentOf, sourceOf, wireOf } from './decode/content.ts'
import { rowAt } from './decode/row.ts'
import type { PageView } from './page-view.ts'
import type { Pages } from './pages.ts'
import { createFinder } from './text-finder.ts'

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
  const has = createPlainMatcher(text)
  return { isRegex: false, matches: (pages, page, i) => has(pages, page, i) }
}

function parseRegex(text: string): RegExp | null {
  const parts = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text)
  if (!parts) return null
  try {
    // Heads and event blocks are searched as their lines stand on the wire: `^` and `$` are the ends of a line.
    return new RegExp(parts[1]!, `${parts[2]!.replace(/[gmy]/g, '')}m`)
  } catch {
    return null // taken literally
  }
}

function createPlainMatcher(text: string): TextMatcher['matches'] {
  const folded = text.toLowerCase()
  const isAscii = /^[\u0000-\u007f]*$/.test(folded)
  if (!isAscii)
    return (pages, page, i) =>
      asBuffer(searched(pages, page, i))
        .toString('utf8')
        .toLowerCase()
        .includes(folded)

  const finder = createFinder(folded)
  return (pages, page, i) => finder.inFrame(page, i) ?? finder.inBytes(searched(pages, page, i))
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
