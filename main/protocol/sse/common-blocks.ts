/**
 * The short way for what most streams are made of: whole blocks of data, event and id lines that end with LF, in ASCII,
 * within the window. Stops at the first block that is anything else and leaves it to the dissector, which knows all
 * the rules. Apart from it because here every load counts: no state but arguments and the window.
 */
import { FROM, KIND } from '../../../preload/contract/index.ts'
import type { RowSink } from '../row-sink.ts'
import { COLON, LF, SPACE } from './fields.ts'
import { lineEnds, windowBytes, windowView } from './window.ts'

// Under names of this module they are constants to the engine; imported ones are looked up each time.
const bytes = windowBytes
const view = windowView
const ends = lineEnds

const EVENT = KIND['sse-event']

// Names by four bytes at once: `data`, `even` and, with any fourth byte, `id:`.
const DATA = 0x64617461
const EVEN = 0x6576656e
const ID = 0x69643a00
const T = 0x74

/** Where in the window the value of the last id lies that was passed; `from` is -1 when there was none. */
export const lastId = { from: -1, to: 0 }

/**
 * Writes a row for each such block from `start` on. `used` of the window's `count` line ends lie before it; gives how
 * many are used up in the end. `base` is the wire offset of the window; `noId`: the last event ID is empty, so that a
 * block without id has no details. Fills `lastId`.
 */
export function commonBlocks(
  sink: RowSink,
  at: number,
  base: number,
  start: number,
  used: number,
  count: number,
  noId: boolean,
  longestLine: number,
  largestBlock: number,
): number {
  let bare = noId
  let idFrom = -1
  let idTo = 0
  let block = start
  let done = used
  blocks: while (done < count) {
    if (bare) {
      const after = singleLines(sink, at, base, block, done, count, Math.min(longestLine, largestBlock - 2))
      if (after > done) block = ends[after - 1]! + 1
      done = after
      if (done === count) break
    }
    let e = done
    let from = block
    let lines = 0
    let size = 0
    let idStart = -1
    let idEnd = 0
    for (;;) {
      const to = ends[e]!
      if (bytes[to] !== LF) break blocks // CR, or the NUL that no id may have
      const length = to - from
      e++
      if (length === 0) break
      if (length < 4 || length > longestLine || e === count) break blocks
      const word = view.getInt32(from)
      if (word === DATA) {
        if (bytes[from + 4] !== COLON) break blocks
        lines++
        size += length - (bytes[from + 5] === SPACE ? 6 : 5)
      } else if ((word & ~0xff) === ID) {
        idStart = from + ((word & 0xff) === SPACE ? 4 : 3)
        idEnd = to
      } else if (word !== EVEN || bytes[from + 4] !== T || bytes[from + 5] !== COLON) break blocks
      from = to + 1
    }
    const next = from + 1
    if (lines === 0 || (idStart < 0 && !bare) || next - block > largestBlock) break
    sink.row(at, FROM.server, EVENT, 0, 0, base + block, next - block, size + lines - 1)
    if (idStart >= 0) {
      bare = idStart === idEnd
      idFrom = idStart
      idTo = idEnd
    }
    block = next
    done = e
  }
  lastId.from = idFrom
  lastId.to = idTo
  return done
}

/** Events of one line of data, one after the other. */
function singleLines(
  sink: RowSink,
  at: number,
  base: number,
  start: number,
  used: number,
  count: number,
  longest: number,
): number {
  let block = start
  let done = used
  while (done < count) {
    const to = ends[done]!
    if (bytes[to] !== LF || bytes[to + 1] !== LF) break
    const length = to - block
    if (length < 5 || length > longest) break
    if (view.getInt32(block) !== DATA || bytes[block + 4] !== COLON) break
    const size = length - (bytes[block + 5] === SPACE ? 6 : 5)
    sink.row(at, FROM.server, EVENT, 0, 0, base + block, length + 2, size)
    block = to + 2
    done += 2
  }
  return done
}
