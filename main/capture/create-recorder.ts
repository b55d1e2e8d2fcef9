/**
 * The recorder: connections, their dissectors, and the sinks through which rows come back (recorder.ts says what
 * it promises). `row` is the hot path of a capture: it writes columns and allocates nothing.
 */
import { FINDINGS, FLAG, FROM, KIND, type Limits, type Technique } from '../../preload/contract/index.ts'
import type { Dissector, RowSink, Sender } from '../protocol/row-sink.ts'
import { messageOf } from './errors.ts'
import { addFinding, appendContent, setDetails, type OpenPage } from './page.ts'
import type { PageWriter } from './page-writer.ts'
import type { ConnectionRecorder, LocalKind, LocalRow, Recorder } from './recorder.ts'
import { countBytes, createTally, type Totals } from './totals.ts'

export type ConnectionDissector = Dissector & { setTechnique(technique: Technique): void }

export interface RecorderOptions {
  writer: PageWriter
  totals: Totals
  limits: Limits
  /** µs since the capture started. */
  now(): number
  createDissector(sink: RowSink, options: { technique: Technique | null; limits: Limits }): ConnectionDissector
}

export interface RecorderControl {
  recorder: Recorder
  /** The store's queue is full, or has room again. */
  hold(hold: boolean): void
  /** Nothing more can be stored; says so in a row. */
  stop(why: string): void
}

/** Rows of this program that are still taken after the capture is full: how it ended should be seen. */
const LAST_ROWS = 200

export function createRecorder({ writer, totals, limits, now, createDissector }: RecorderOptions): RecorderControl {
  const holdListeners = new Set<(hold: boolean) => void>()
  let connections = 0
  let held = false
  let heldSince = 0
  let stopped = false
  let lastRows = LAST_ROWS

  const stop = (why: string): void => {
    if (stopped) return
    stopped = true
    local(0, { kind: 'note', details: { text: why }, findings: [{ id: 'capture-full' }] })
  }

  const checkSize = (): void => {
    if (!stopped && writer.isFull())
      stop(`The capture reached ${Math.round(limits.captureBytes / 1024 / 1024)} MiB. What follows is counted only.`)
  }

  const startRow = (
    connection: number,
    at: number,
    from: number,
    kind: number,
    flags: number,
    code: number,
    wireOffset: number,
    wireLength: number,
    payloadLength: number,
  ): OpenPage => {
    const page = writer.room()
    const i = page.count
    page.count = i + 1
    const { narrow, wide } = page
    narrow.connection[i] = connection
    narrow.kind[i] = kind
    narrow.from[i] = from
    narrow.flags[i] = flags
    narrow.code[i] = code
    wide.time[i] = at
    wide.wireOffset[i] = wireOffset
    wide.wireLength[i] = wireLength
    wide.payloadLength[i] = payloadLength
    totals.rows++
    return page
  }

  const find = (page: OpenPage, row: number, id: keyof typeof FINDINGS, note: string | undefined): void => {
    addFinding(page, row, note === undefined ? [id] : [id, note])
    const { flags } = page.narrow
    if (FINDINGS[id].severity === 'info' || (flags[row]! & FLAG.finding) !== 0) return
    flags[row] = flags[row]! | FLAG.finding
    totals.findings++
  }

  function local<K extends LocalKind>(connection: number, row: LocalRow<K>): void {
    if (stopped && lastRows-- <= 0) return
    const at = row.at ?? now()
    const code = row.kind === 'close' ? ((row as LocalRow<'close'>).details.code ?? 0) : 0
    const page = startRow(connection, at, FROM.local, KIND[row.kind], 0, code, 0, 0, 0)
    const i = page.count - 1
    setDetails(page, i, row.details)
    for (const { id, note } of row.findings ?? []) find(page, i, id, note)
    if (at > totals.time) totals.time = at
    if (!writer.begun.has(connection)) writer.begin(connection, page.firstSeq + i)
    checkSize()
  }

  function connect(technique: Technique | null): ConnectionRecorder {
    const number = ++connections
    const tally = createTally(totals, () => technique)
    const offsets = [0, 0]
    const ended = [false, false]
    let begun = false
    let broken = false
    let holdListener: ((hold: boolean) => void) | null = null
    // The last row, for what is said about it directly afterwards: a number, since a pointer costs a write barrier.
    let lastSeq = 0

    const sink: RowSink = {
      row(at, from, kind, flags, code, wireOffset, wireLength, payloadLength) {
        const page = startRow(number, at, from, kind, flags, code, wireOffset, wireLength, payloadLength)
        tally.row(at, from, kind, flags, code, payloadLength)
        lastSeq = page.firstSeq + page.count - 1
        if (!begun) {
          begun = true
          if (!writer.begun.has(number)) writer.begin(number, lastSeq)
        }
        return lastSeq
      },
      details(details) {
        const page = writer.page()
        const last = lastSeq - page.firstSeq
        if (last < 0) return
        setDetails(page, last, details)
        tally.details(page.narrow.kind[last]!, page.wide.payloadLength[last]!, details)
      },
      finding(id, note) {
        const page = writer.page()
        if (lastSeq >= page.firstSeq) return find(page, lastSeq - page.firstSeq, id, note)
        // The row is stored already, so the finding gets a row of its own.
        const text = `About row ${lastSeq}.`
        local(number, { kind: 'note', details: { text }, findings: [note === undefined ? { id } : { id, note }] })
      },
      content(bytes) {
        const page = writer.page()
        const last = lastSeq - page.firstSeq
        if (last < 0) return
        appendContent(page, last, bytes)
        const { kind, flags, code } = page.narrow
        tally.inflated(kind[last]!, flags[last]!, code[last]!, page.wide.payloadLength[last]!, bytes.length)
      },
    }
    const dissector = createDissector(sink, { technique, limits })

    /** A dissector must not throw; if one does, that is our fault, and neither socket nor capture shall suffer. */
    const fault = (error: unknown): void => {
      broken = true
      const message = `The rows of this connection end here, by a fault of Pushscope: ${messageOf(error)}.`
      const hint = 'Its bytes are still stored. Please report it.'
      local(number, { kind: 'error', details: { code: 'internal', message, hint } })
    }

    const feed = (from: Sender, bytes: Uint8Array, at: number): void => {
      if (broken) return
      try {
        dissector.feed(from, bytes, at)
      } catch (error) {
        fault(error)
      }
    }

    const finish = (from: Sender, at: number, reset: boolean): void => {
      if (broken) return
      try {
        dissector.end(from, at, reset)
      } catch (error) {
        fault(error)
      }
    }

    return {
      number,
      bytes(from, chunk) {
        countBytes(totals, from, chunk.length)
        const at = now()
        if (at > totals.time) totals.time = at
        let rest = chunk
        while (rest.length > 0) {
          if (stopped) {
            totals.unstored += rest.length
            return
          }
          // Piece by piece, so that a row and its bytes come to lie in the same page.
          const length = writer.bytes(number, from, offsets[from]!, rest, at)
          offsets[from] = offsets[from]! + length
          const isAll = length === rest.length
          feed(from, isAll ? rest : rest.subarray(0, length), at)
          checkSize()
          if (isAll) return
          rest = rest.subarray(length)
        }
      },
      end(from: Sender, reset = false) {
        if (ended[from]) return
        ended[from] = true
        const at = now()
        if (at > totals.time) totals.time = at
        if (!stopped) finish(from, at, reset) // what was not stored would seem cut
        if (ended[0] && ended[1] && holdListener) holdListeners.delete(holdListener)
      },
      local: (row) => local(number, row),
      technique(late) {
        technique = late
        dissector.setTechnique(late)
      },
      onHold(listener) {
        holdListener = listener
        holdListeners.add(listener)
        if (held) listener(true)
      },
    }
  }

  return {
    recorder: { now, connection: connect, local: (row) => local(0, row) },
    stop,
    hold(hold) {
      if (hold === held) return
      held = hold
      if (hold) heldSince = now()
      for (const listener of holdListeners) listener(hold)
      if (hold || stopped) return
      const seconds = (time: number): string => (time / 1_000_000).toFixed(3)
      const text = `The connections were paused from ${seconds(heldSince)} s to ${seconds(now())} s.`
      local(0, { kind: 'note', details: { text }, findings: [{ id: 'capture-paused' }] })
    },
  }
}
