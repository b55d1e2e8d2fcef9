/**
 * Reads an event stream (text/event-stream) into rows as its bytes arrive: sse-event, sse-comment, sse-retry, sse-id.
 * Makes no string per line: it finds line ends and points at the wire; showing a block is decode.ts.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * Which bytes are whose: a block runs from its first line, comments included, to the end of its blank line. The BOM
 * belongs to no block. A CR that could begin CRLF is waited for, unless the line before ended in a bare CR: then the
 * stream plainly ends lines so, and events show at once; a LF after such a CR belongs to no row. That way the same
 * bytes give the same rows however they are cut.
 *
 * One file, though long: lines and blocks share their state, and the common event must not leave this loop.
 */
import { FLAG, FROM, KIND, type DetailsByKind, type FindingId, type Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink } from '../row-sink.ts'
import { createCarry } from './carry.ts'
import { commonBlocks, lastId as commonId } from './common-blocks.ts'
import { BOM, CR, FIELD, LF, fieldOf, isDigits, nameEnd, quote, startsWith, valueStart } from './fields.ts'
import { lineEnds, loadWindow, WINDOW, windowBytes as bytes } from './window.ts'
import { decodedLength, decodeUtf8, firstInvalid } from './utf8.ts'

const NOTHING = new Uint8Array(0)
const EVENT = KIND['sse-event']

/**
 * `lastEventId`: what the client came back with. Every client keeps it until a stream sets another, though HTML 9.2.6
 * begins each stream with an empty buffer.
 */
export function createSseDissector(sink: RowSink, limits: Limits, lastEventId = ''): BodyDissector {
  const longest = limits.sseLine

  // The piece at hand, at most a window of what was fed: `filled` bytes. And how it continues the one before.
  let filled = 0
  let at = 0
  let wireFrom = 0
  let wireTo = 0
  let direct = true
  let adjacent = false
  let lastDirect = false
  let lastWireTo = 0
  /** Some byte of the piece is not ASCII. */
  let high = false
  let bomMatched = 0
  let bomDone = false

  // The line that the piece before left unfinished.
  const lineCarry = createCarry(longest + 2)
  let lineOpen = false
  let lineWire = 0
  let lineContiguous = true
  let lineHigh = false
  /** The carried line ended in CR, and a LF may belong to it. */
  let heldCr = false
  /** A LF that comes next belongs to the CR that was already taken as a line end. */
  let skipLf = false
  let lastEndWasCr = false

  // The block. `blockFrom` is its index in the piece, -1 when it began earlier.
  const blockCarry = createCarry(limits.sseEvent)
  let blockOpen = false
  let blockFrom = 0
  let blockWire = 0
  let blockContiguous = true
  /** Lines whose effect waits for the blank line. */
  let unsettled = false
  /** Lines that make the block worth a row even without data. */
  let odd = false
  let dataLines = 0
  let dataBytes = 0
  let found: { id: FindingId; note: string | undefined }[] = []

  // The id that the block sets: a place in `idBytes`, made text only for an event that sets none.
  let idSet = false
  let idBytes: Uint8Array = NOTHING
  const idStore = createCarry(longest)
  let idFrom = 0
  let idTo = 0
  // Its line, for the row it gets when the block has no data.
  let idWire = 0
  let idLength = 0
  let idContent: Uint8Array | null = null
  /** The last event ID; older than `idBytes` while `idNewer`. */
  let lastId = lastEventId
  let idNewer = false
  let idDetails: DetailsByKind['sse-event'] = {}

  const wireStart = (index: number): number => (direct ? wireFrom + index : wireFrom)
  const wireEnd = (index: number): number => (index === 0 ? lastWireTo : direct ? wireFrom + index : wireTo)
  const blockSize = (index: number): number => (blockFrom < 0 ? blockCarry.total + index : index - blockFrom)

  const note = (id: FindingId, text?: string): void => {
    if (!found.some((finding) => finding.id === id)) found.push({ id, note: text })
  }
  const tellFound = (): void => {
    for (const finding of found) sink.finding(finding.id, finding.note)
    found = []
  }

  /** Ids must not point into bytes that the caller or a carry will reuse. */
  const keepId = (): void => {
    if (!(idSet || idNewer) || idBytes === idStore.buffer) return
    const kept = idStore
    kept.clear()
    kept.add(idBytes, idFrom, idTo)
    idBytes = kept.buffer
    idFrom = 0
    idTo = kept.length
  }

  const openBlock = (from: number): void => {
    blockOpen = true
    blockFrom = from
    blockWire = wireStart(from)
    blockContiguous = true
    unsettled = false
    odd = false
    dataLines = 0
    dataBytes = 0
  }

  const forgetBlock = (): void => {
    blockOpen = false
    idSet = false
    if (found.length > 0) found = []
    if (blockFrom < 0) blockCarry.clear()
  }

  /** The row of the block, which ends before `index` of the piece. */
  const blockRow = (index: number, flags: number): void => {
    const size = blockSize(index)
    const over = size > limits.sseEvent
    const payload = dataLines > 0 ? dataBytes + dataLines - 1 : 0
    sink.row(
      at,
      FROM.server,
      EVENT,
      over ? flags | FLAG.truncated : flags,
      0,
      blockWire,
      wireEnd(index) - blockWire,
      payload,
    )
    if (!idSet && (idNewer || lastId !== '')) {
      if (idNewer) lastId = decodeUtf8(idBytes.subarray(idFrom, idTo))
      idNewer = false
      if (idDetails.id !== lastId) idDetails = { id: lastId }
      if (lastId !== '') sink.details(idDetails)
    }
    if (found.length > 0) tellFound()
    if (over) sink.finding('sse-event-limit', `${size} bytes`)
    if (blockContiguous && (blockFrom < 0 || direct)) return
    if (blockFrom < 0) {
      blockCarry.add(bytes, 0, index)
      sink.content(blockCarry.buffer.subarray(0, blockCarry.length))
    } else sink.content(bytes.subarray(blockFrom, Math.min(index, blockFrom + limits.sseEvent)))
  }

  /** The blank line: it ends before `index`. */
  const closeBlock = (index: number): void => {
    if (dataLines === 0) {
      if (idSet) {
        sink.row(at, FROM.server, KIND['sse-id'], 0, 0, idWire, idLength, 0)
        if (!odd && found.length > 0) tellFound()
        if (idContent) sink.content(idContent)
      }
      // HTML 9.2.6: without data nothing is dispatched; the type is forgotten, the last event ID is not.
      if (odd) {
        note('sse-dropped')
        blockRow(index, FLAG.dropped)
      }
    } else blockRow(index, 0)
    if (idSet) idNewer = true
    forgetBlock()
  }

  /**
   * A line that is not empty: `source[from, to)`, its end up to `next`. `length` is that of the whole line, more than
   * `to - from` when the limit cut it. It lies on the wire at `wire`, `wireLength` bytes.
   */
  const line = (
    source: Uint8Array,
    from: number,
    to: number,
    next: number,
    ascii: boolean,
    length: number,
    wire: number,
    wireLength: number,
    contiguous: boolean,
  ): void => {
    const field = fieldOf(source, from, to)
    const start = valueStart(source, field === FIELD.comment ? from : nameEnd(source, from, to), to)
    const cut = length > to - from
    const bad = ascii ? -1 : firstInvalid(source, from, to)
    const invalid = bad >= 0 && !(cut && bad > to - 4) // the limit itself may have cut a character
    const utf8 = invalid ? `byte 0x${source[bad]!.toString(16)} at ${bad - from}` : ''

    if (field === FIELD.comment || (field === FIELD.retry && isDigits(source, start, to))) {
      const kind = field === FIELD.comment ? KIND['sse-comment'] : KIND['sse-retry']
      sink.row(at, FROM.server, kind, cut ? FLAG.truncated : 0, 0, wire, wireLength, 0)
      if (invalid) sink.finding('sse-utf8', utf8)
      if (cut) sink.finding('sse-line-limit', `${length} bytes`)
      if (!contiguous) sink.content(source.subarray(from, next))
      return
    }
    unsettled = true
    if (invalid) note('sse-utf8', utf8)
    if (cut) note('sse-line-limit', `${length} bytes`)
    if (field === FIELD.data) {
      dataLines++
      dataBytes += invalid ? length - (to - from) + decodedLength(source, start, to) : length - (start - from)
    } else if (field === FIELD.id) {
      // HTML 9.2.6: an id with U+0000 is ignored.
      if (source.subarray(start, to).includes(0)) {
        odd = true
        note('sse-id-nul')
        return
      }
      if (!ascii && /[^\0-\xff]/.test(decodeUtf8(source.subarray(start, to)))) note('sse-id-not-latin1')
      setId(source, start, to, wire, wireLength)
      idContent = contiguous ? null : Uint8Array.from(source.subarray(from, next)) // a Buffer's slice is no copy
    } else {
      odd = true
      if (field === FIELD.retry) note('sse-retry-invalid', quote(source, start, to))
      else if (field === FIELD.unknown) {
        const id = startsWith(source, from, to, BOM) ? 'sse-bom-inside' : 'sse-unknown-field'
        note(id, quote(source, from, nameEnd(source, from, to)))
      }
    }
  }

  const setId = (source: Uint8Array, start: number, to: number, wire: number, wireLength: number): void => {
    idNewer = false // nobody asks for the one before: this block ends and replaces it, or it is the last
    idSet = true
    if (idBytes !== source) idBytes = source
    idFrom = start
    idTo = to
    idWire = wire
    idLength = wireLength
    if (idContent) idContent = null
  }

  const afterLine = (index: number): void => {
    // Comments without a blank line, for hours: the block may as well begin after them.
    if (blockOpen && !unsettled && blockSize(index) > limits.sseEvent) forgetBlock()
  }

  /** The carried line ends before `to` of the piece, its line end before `next`. */
  const carriedLine = (to: number, next: number): void => {
    lineCarry.add(bytes, 0, next)
    const length = lineCarry.total - (next - to) - (heldCr ? 1 : 0)
    lineOpen = false
    heldCr = false
    if (length > 0) {
      const contiguous = lineContiguous && (next === 0 || adjacent)
      const ascii = !(high || lineHigh)
      const { buffer, length: kept } = lineCarry
      line(buffer, 0, Math.min(length, longest), kept, ascii, length, lineWire, wireEnd(next) - lineWire, contiguous)
      afterLine(next)
    } else if (blockOpen) closeBlock(next)
    keepId()
    lineCarry.clear()
  }

  /**
   * Takes the line end at `to`. Gives the index behind it, which is where the line's own bytes end, or -1 when the
   * piece ends before that can be told.
   */
  const endOfLine = (to: number): number => {
    const next = to + 1
    if (bytes[to] === LF) lastEndWasCr = false
    else if (lastEndWasCr) skipLf = true
    else if (next === filled) {
      heldCr = true
      return -1
    } else if (bytes[next] === LF) return next + 1
    else lastEndWasCr = true
    return next
  }

  /** Passes over a LF at `index` that belongs to the CR before it, and to no row. */
  const passLf = (index: number): number => {
    if (!skipLf || index === filled) return index
    skipLf = false
    if (bytes[index] !== LF) return index
    lastEndWasCr = false
    return index + 1
  }

  /** Takes up what the piece before left open; `count` line ends were found. Gives where fresh lines begin, or -1. */
  const resume = (count: number): number => {
    if (heldCr) {
      const next = bytes[0] === LF ? 1 : 0
      if (next === 1 && !adjacent) blockContiguous = false
      lastEndWasCr = next === 0
      carriedLine(0, next)
      if (blockOpen && !adjacent) blockContiguous = false
      return next
    }
    if (blockOpen && !adjacent) blockContiguous = false
    if (!lineOpen) return passLf(0)
    for (let e = 0; e < count; e++) {
      const to = lineEnds[e]!
      if (bytes[to] !== LF && bytes[to] !== CR) continue
      const next = endOfLine(to)
      if (next < 0) return -1
      carriedLine(to, next)
      return passLf(next)
    }
    return -1
  }

  /** Fresh lines from `index` on. Gives where the unfinished last line begins; the piece's length when there is none. */
  const scan = (index: number, count: number): number => {
    let from = index
    let e = 0
    while (e < count && lineEnds[e]! < from) e++
    while (e < count) {
      if (!blockOpen && direct && !high) {
        const noId = !idNewer && lastId === ''
        const done = commonBlocks(sink, at, wireFrom, from, e, count, noId, longest, limits.sseEvent)
        if (done > e) {
          from = lineEnds[done - 1]! + 1
          lastEndWasCr = false
        }
        if (commonId.from >= 0) {
          idBytes = bytes
          idFrom = commonId.from
          idTo = commonId.to
          idNewer = true
        }
        e = done
        if (e === count) break
      }
      while (e < count && bytes[lineEnds[e]!] !== LF && bytes[lineEnds[e]!] !== CR) e++
      if (e === count) break
      const to = lineEnds[e++]!
      const next = endOfLine(to)
      if (next < 0) break
      if (next > to + 1) e++
      const length = to - from
      if (length > 0) {
        if (!blockOpen) openBlock(from)
        const wire = wireStart(from)
        line(bytes, from, Math.min(to, from + longest), next, !high, length, wire, wireEnd(next) - wire, direct)
        afterLine(next)
      } else if (blockOpen) closeBlock(next)
      from = passLf(next)
      if (from > next) e++
    }
    return from
  }

  /** Only at the very start: one BOM is taken off. Gives the index of the first byte behind it, or -1 for more bytes. */
  const skipBom = (): number => {
    const before = bomMatched
    let i = 0
    while (i < filled && bomMatched < 3 && bytes[i] === BOM[bomMatched]) {
      i++
      bomMatched++
    }
    bomDone = bomMatched === 3 || i < filled
    if (!bomDone) {
      if (before > 0 && !adjacent) blockContiguous = false
      return -1
    }
    if (bomMatched < 3) return 0 // what looked like one belongs to the first line
    forgetBlock()
    lineOpen = false
    lineCarry.clear()
    return i
  }

  /** Keeps what the piece leaves open: the unfinished line, from `from` on, and the unfinished block. */
  const carryOver = (from: number): void => {
    if (from < filled) {
      if (!lineOpen) {
        lineOpen = true
        lineWire = wireStart(from)
        lineContiguous = direct
        lineHigh = high
        if (!blockOpen && !(heldCr && from === filled - 1)) openBlock(from) // a blank line opens none
      } else {
        lineContiguous &&= adjacent
        lineHigh ||= high
      }
      lineCarry.add(bytes, from, filled)
    }
    if (!blockOpen) return
    if (!direct) blockContiguous = false
    blockCarry.add(bytes, Math.max(blockFrom, 0), filled)
    blockFrom = -1
  }

  /** The window holds the next piece. */
  const feedWindow = (ends: number): void => {
    adjacent = direct && lastDirect && wireFrom === lastWireTo
    high = ends < 0
    const count = high ? -1 - ends : ends
    let index = bomDone ? 0 : skipBom()
    if (index === 0 && (blockOpen || lineOpen || skipLf)) index = resume(count)
    if (index >= 0) index = scan(index, count)
    carryOver(Math.max(index, 0))
    keepId()
    lastDirect = direct
    lastWireTo = wireTo
  }

  return {
    feed(piece) {
      at = piece.at
      direct = piece.direct
      const { length } = piece.bytes
      for (let start = 0; start < length; start += WINDOW) {
        filled = Math.min(WINDOW, length - start)
        wireFrom = direct ? piece.wireOffset + start : piece.wireOffset
        wireTo = direct ? wireFrom + filled : piece.wireOffset + piece.wireLength
        feedWindow(loadWindow(filled === length ? piece.bytes : piece.bytes.subarray(start, start + WINDOW)))
      }
    },

    end(endAt) {
      at = endAt
      adjacent = false
      if (heldCr) carriedLine(0, 0)
      const tail = lineOpen ? lineCarry.buffer.subarray(0, lineCarry.length) : NOTHING
      if (blockOpen && (unsettled || tail.length > 0)) {
        // A line that never ended is not processed; what it would have added is counted, for it is shown.
        if (tail.length > 0 && fieldOf(tail, 0, tail.length) === FIELD.data) {
          dataLines++
          const start = valueStart(tail, nameEnd(tail, 0, tail.length), tail.length)
          dataBytes += lineCarry.total - tail.length + decodedLength(tail, start, tail.length)
        }
        if (lineCarry.total > longest) note('sse-line-limit', `${lineCarry.total} bytes`)
        note('sse-unfinished')
        blockRow(0, FLAG.dropped | FLAG.truncated)
      }
      forgetBlock()
      lineOpen = false
      lineCarry.clear()
    },
  }
}
