/**
 * Finds the scripts of an HTML page that never ends (a "forever frame"), at any cut, and says what each calls. One
 * script-call row a script, from `<script` to the end of `</script>`; text between scripts is left to http-body rows.
 * How scripts are found is tokenizer.ts, what they say is call.ts.
 */
import { FLAG, FROM, KIND, type Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, BodyPiece, RowSink } from '../row-sink.ts'
import { createCarry } from '../sse/carry.ts'
import { decodeUtf8 } from '../sse/utf8.ts'
import { readScript } from './call.ts'
import { createTokenizer, SAW } from './tokenizer.ts'

const NOTHING = new Uint8Array(0)
/** A start tag and an end tag, beside the script itself. */
const TAGS = 8 * 1024

export function createIframeDissector(sink: RowSink, limits: Limits): BodyDissector {
  const tokenizer = createTokenizer()
  let piece: BodyPiece = { bytes: NOTHING, at: 0, wireOffset: 0, wireLength: 0, direct: true }
  let wireEnd = 0

  // The element that may be a script. Offsets count from its `<`.
  const carry = createCarry(limits.script + TAGS)
  let open = false
  /** Index in the piece of its first byte there. */
  let from = 0
  let wireStart = 0
  let contiguous = true
  let textFrom = -1
  let textTo = -1

  const offset = (index: number): number => carry.total + index - from

  const begin = (index: number): void => {
    open = true
    from = index
    wireStart = piece.direct ? piece.wireOffset + index : piece.wireOffset
    contiguous = true
    textFrom = -1
    textTo = -1
    carry.clear()
  }

  const forget = (): void => {
    open = false
    carry.clear()
  }

  /** The row of the element, which ends before `index` of the piece. */
  const tell = (index: number, wireTo: number, unfinished: boolean): void => {
    const total = offset(index)
    const whole = carry.total === 0
    if (!whole) carry.add(piece.bytes, from, index)
    const raw = whole ? piece.bytes.subarray(from, index) : carry.buffer.subarray(0, carry.length)
    const start = textFrom < 0 ? total : textFrom
    const length = (unfinished ? total : textTo) - start
    const kept = Math.min(length, limits.script, raw.length - start)
    const call = readScript(decodeUtf8(raw.subarray(start, Math.max(start, start + kept))))
    const flags = unfinished || kept < length ? FLAG.truncated : 0
    const payload = Buffer.byteLength(call.argument)
    sink.row(piece.at, FROM.server, KIND['script-call'], flags, 0, wireStart, wireTo - wireStart, payload)
    sink.details(call)
    if (kept < length) sink.finding('iframe-script-limit', `${length} bytes`)
    if (unfinished) sink.finding('iframe-unfinished')
    else if (call.dialect === 'unknown') sink.finding('iframe-unknown-script')
    if (!contiguous || !piece.direct) sink.content(raw.subarray(0, limits.script + TAGS))
    forget()
  }

  const scan = (): void => {
    const { bytes } = piece
    for (let i = 0; i < bytes.length; i++) {
      const awaited = tokenizer.awaited()
      if (awaited >= 0 && bytes[i] !== awaited) {
        i = bytes.indexOf(awaited, i)
        if (i < 0) return
      }
      switch (tokenizer.step(bytes[i]!)) {
        case SAW.tag:
          begin(i)
          break
        case SAW.other:
          forget()
          break
        case SAW.script:
          textFrom = offset(i + 1)
          break
        case SAW.endTag:
          textTo = offset(i)
          break
        case SAW.end:
          tell(i + 1, piece.direct ? piece.wireOffset + i + 1 : piece.wireOffset + piece.wireLength, false)
          break
      }
    }
  }

  return {
    feed(fed) {
      if (fed.bytes.length === 0) return
      if (open && !(fed.direct && piece.direct && fed.wireOffset === wireEnd)) contiguous = false
      piece = fed
      from = 0
      wireEnd = fed.wireOffset + fed.wireLength
      scan()
      if (open) carry.add(fed.bytes, from, fed.bytes.length)
      piece = { ...fed, bytes: NOTHING } // the caller may reuse its bytes
    },
    end(at) {
      piece = { ...piece, bytes: NOTHING, at }
      from = 0
      if (open && tokenizer.inScript()) tell(0, wireEnd, true)
      forget()
    },
  }
}
