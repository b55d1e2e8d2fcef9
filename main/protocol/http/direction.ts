/**
 * One direction of an HTTP/1.1 connection: head, body, head, body, … each byte of which lands in exactly
 * one row (but for empty lines before a head, which its finding counts).
 * Writes the rows of bodies and of bytes that cannot be read; the rows of heads are the caller's (`onHead`),
 * who alone knows what a head means beside the other direction.
 * https://www.rfc-editor.org/rfc/rfc9112
 */
import { KIND, FLAG, type Limits } from '../../../preload/contract/index.ts'
import type { BodyDissector, RowSink, Sender } from '../row-sink.ts'
import { createBodyReader, type BodyReader } from './body.ts'
import { createBodyRows, missingPart, type BodyRows } from './body-rows.ts'
import type { FramingChoice } from './framing.ts'
import { createHeadReader, type HeadByKind, type HeadFinding, type HeadReader } from './head.ts'

export interface HeadPlace {
  /** When its last and its first byte came. */
  at: number
  firstAt: number
  wireOffset: number
  wireLength: number
  /** Not whole: too large, or the connection ended inside. */
  truncated: boolean
  findings: HeadFinding[]
}

export interface HeadPlan {
  framing: FramingChoice
  /** Asked at the first byte of the body: who reads it, beside the rows written here. */
  reader: () => BodyDissector | null
}

export interface Completed {
  at: number
  /** Stream position behind the message. */
  wireEnd: number
  /** Body bytes without chunk lines, coded as they came. */
  bodyBytes: number
}

export interface DirectionHooks<Kind extends 'request' | 'response'> {
  /** Writes the row of the head. */
  onHead(head: HeadByKind[Kind], place: HeadPlace): HeadPlan
  /** The message is complete. True: take no more bytes until `resume`. */
  onComplete(completed: Completed): boolean
}

export interface Direction {
  /** Stream position of the next byte. */
  readonly position: number
  readonly lost: boolean
  readonly paused: boolean
  /** Takes bytes from `start` on and says how many; fewer than there are only when it paused. */
  feed(bytes: Uint8Array, start: number, at: number): number
  resume(): void
  /** Inside a tunnel: another conversation begins, and it need not be HTTP. */
  restart(): void
  /** The rest is kept as bytes only, told in one row now and one at the end. */
  giveUp(text: string, findings: readonly HeadFinding[]): void
  /**
   * Ends an unfinished head or body with a truncated row, says whether there was one. `receiverLeft`: the other side
   * ended first. `reset`: the connection broke, which completes no body that ends with it (RFC 9112 8).
   */
  cut(at: number, receiverLeft: boolean, reset?: boolean): boolean
  end(at: number): void
}

export function createDirection<Kind extends 'request' | 'response'>(
  kind: Kind,
  from: Sender,
  sink: RowSink,
  limits: Limits,
  hooks: DirectionHooks<Kind>,
): Direction {
  let position = 0
  let paused = false
  let messages = 0
  let bodyBytes = 0
  let firstAt = 0
  let tunnelled = false

  let head: HeadReader<HeadByKind[Kind]> = createHeadReader(kind, limits)
  let headStart = 0
  let body: { reader: BodyReader; rows: BodyRows } | null = null

  /** Bytes only: since `start`; `told` of them are in the row that said so. */
  let raw: { start: number; text: string; findings: readonly HeadFinding[]; told: boolean } | null = null

  const nextHead = (): void => {
    head = createHeadReader(kind, limits)
    headStart = position
    body = null
  }

  const giveUp = (start: number, text: string, findings: readonly HeadFinding[]): void => {
    raw ??= { start, text, findings, told: false }
  }

  const complete = (at: number): void => {
    messages += 1
    nextHead()
    paused = hooks.onComplete({ at, wireEnd: position, bodyBytes })
  }

  const headPlace = (at: number, truncated: boolean, more: HeadFinding[] = []): HeadPlace => {
    const findings = [...head.findings, ...more]
    if (head.skipped > 0) {
      findings.push({ id: 'http-extra-bytes', note: `${head.skipped} bytes of empty lines before the head` })
    }
    return { at, firstAt, wireOffset: headStart + head.skipped, wireLength: head.length, truncated, findings }
  }

  const takeHead = (at: number): void => {
    const { framing: choice, reader: chooseReader } = hooks.onHead(head.head, headPlace(at, false))
    const { framing } = choice
    bodyBytes = 0
    if (framing.kind === 'none') complete(at)
    else if (framing.kind === 'unknown') giveUp(position, LOST_TEXT, [{ id: 'http-lost' }])
    else {
      const rows = createBodyRows(sink, from, framing.kind, position, choice.codings, limits, chooseReader)
      const reader = createBodyReader(framing, position, limits, (part) => {
        bodyBytes += part.data.length
        rows.part(part)
      })
      body = { reader, rows }
    }
  }

  const feedHead = (bytes: Uint8Array, start: number, at: number): number => {
    if (head.length === 0) firstAt = at
    const taken = head.feed(bytes, start)
    position += taken
    if (head.state === 'done') takeHead(at)
    else if (head.state === 'too-large') {
      if (head.length > 0) {
        hooks.onHead(head.head, headPlace(at, true))
        giveUp(position, LOST_TEXT, [{ id: 'http-lost' }])
      } else {
        const note = `${head.skipped} bytes of empty lines`
        giveUp(headStart, LOST_TEXT, [{ id: 'http-extra-bytes', note }, { id: 'http-lost' }])
      }
    } else if (head.state === 'not-http') {
      const note = head.findings.find(({ id, note }) => id === 'http-not-http' && note !== undefined)?.note
      if (messages === 0 && tunnelled) giveUp(headStart, TUNNEL_TEXT, [])
      else if (messages === 0) giveUp(headStart, NOT_HTTP_TEXT, [notHttp(note)])
      else giveUp(headStart, LOST_TEXT, [{ id: 'http-extra-bytes' }, { id: 'http-lost' }])
    }
    return taken
  }

  const feedBody = (
    { reader, rows }: NonNullable<typeof body>,
    bytes: Uint8Array,
    start: number,
    at: number,
  ): number => {
    rows.at = at
    const taken = reader.feed(bytes, start)
    position += taken
    if (reader.state === 'done') {
      rows.end(false)
      complete(at)
    } else if (reader.state === 'lost') {
      rows.end(true)
      body = null
      const why = reader.lostFor === null ? [] : [reader.lostFor]
      giveUp(reader.lostAt, LOST_TEXT, [...why, { id: 'http-lost' }])
    }
    return taken
  }

  /** One row for what the piece brought; later pieces are summed up at the end. */
  const tellRaw = (end: number, at: number): void => {
    if (raw === null || raw.told || end === raw.start) return
    raw.told = true
    noteRow(sink, from, at, raw.start, end, raw.text, raw.findings)
    raw.start = end
  }

  return {
    get position() {
      return position
    },
    get lost() {
      return raw !== null
    },
    get paused() {
      return paused
    },
    resume() {
      paused = false
    },
    restart() {
      messages = 0
      tunnelled = true
    },
    feed(bytes, start, at) {
      let next = start
      while (next < bytes.length && raw === null && !paused) {
        next += body === null ? feedHead(bytes, next, at) : feedBody(body, bytes, next, at)
      }
      if (raw === null) return next - start
      position += bytes.length - next
      tellRaw(position, at)
      return bytes.length - start
    },
    giveUp(text, findings) {
      giveUp(position, text, findings)
    },
    cut(at, receiverLeft, reset = false) {
      if (raw !== null) return false
      if (body !== null) {
        const { reader, rows } = body
        rows.at = at
        rows.receiverLeft = receiverLeft
        reader.end()
        const atEnd = reader.state === 'done' // the end of the connection is its end
        if (atEnd && reset) rows.part(missingPart(position))
        const whole = atEnd && !receiverLeft && !reset
        rows.end(!whole)
        if (whole) complete(at)
        else nextHead()
        return !whole
      }
      const wasHead = head.length > 0
      if (wasHead) hooks.onHead(head.head, headPlace(at, true, [{ id: 'http-cut-head' }]))
      else if (head.skipped > 0) {
        const findings: HeadFinding[] = [{ id: 'http-extra-bytes', note: 'empty lines' }]
        noteRow(sink, from, at, headStart, position, 'Empty lines after the last message.', findings)
      }
      nextHead()
      return wasHead
    },
    end(at) {
      if (raw?.told !== true || raw.start === position) return
      noteRow(sink, from, at, raw.start, position, 'The bytes that came after the boundaries were lost.', [])
      raw.start = position
    },
  }
}

const LOST_TEXT = 'The message boundaries are lost: from here on these are bytes.'
const TUNNEL_TEXT = 'The tunnel carries no HTTP/1.1: these are bytes.'
const NOT_HTTP_TEXT = 'Not HTTP/1.1: these are bytes.'

const notHttp = (note: string | undefined): HeadFinding =>
  note === undefined ? { id: 'http-not-http' } : { id: 'http-not-http', note }

function noteRow(
  sink: RowSink,
  from: Sender,
  at: number,
  start: number,
  end: number,
  text: string,
  findings: readonly HeadFinding[],
): void {
  sink.row(at, from, KIND.note, findings.length === 0 ? 0 : FLAG.truncated, 0, start, end - start, 0)
  sink.details({ text })
  for (const { id, note } of findings) sink.finding(id, note)
}
