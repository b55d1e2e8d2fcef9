/** A probe as the registry makes it, recorded into a real capture: rows are read back as the NDJSON that users get. */
import { onTestFinished } from 'vitest'
import { DEFAULT_REQUEST, type ConnectRequest } from '../../../preload/contract/index.ts'
import type { CaptureReader } from '../../capture/capture.ts'
import type { ConnectionRecorder, Recorder } from '../../capture/recorder.ts'
import { temporaryCapture } from '../../capture/testing/temporary.ts'
import { createProbe } from '../registry.ts'
import type { Outcome, Probe } from '../technique.ts'

/** One line of NDJSON; only what tests look at has a type. */
export interface Row {
  seq: number
  connection: number
  from: 'client' | 'server' | 'local'
  kind: string
  findings?: { id: string; severity: string }[]
  [field: string]: unknown
}

export interface Session {
  probe: Probe
  reader: CaptureReader
  rows(): Row[]
  of(kind: string): Row[]
  /** Resolves when the rows are such; looked at after each change. */
  until(reached: (rows: Row[]) => boolean): Promise<void>
  /** Bytes on the wire of a row. */
  wire(row: Row): Buffer
  ended: Promise<Outcome>
}

const UNSETTLED = 8

export function startSession(request: Partial<ConnectRequest> & { url: string }): Session {
  const capture = temporaryCapture()
  const waiting = new Set<() => void>()
  const touch = (): void => {
    for (const look of waiting) look()
  }
  // The last rows may still get details; the others are read once.
  const settled: Row[] = []
  const rows = (): Row[] => {
    const { reader } = capture
    const fresh = reader
      .ndjson(settled.length + 1, reader.count - settled.length)
      .map((line) => JSON.parse(line) as Row)
    settled.push(...fresh.slice(0, -UNSETTLED))
    return [...settled, ...fresh.slice(-UNSETTLED)]
  }
  const probe = createProbe({
    request: { ...DEFAULT_REQUEST, ...request },
    recorder: watched(capture.recorder, touch),
    onState: touch,
  })
  onTestFinished(() => probe.close())
  return {
    probe,
    reader: capture.reader,
    rows,
    of: (kind) => rows().filter((row) => row.kind === kind),
    until: (reached) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!reached(rows())) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    wire: (row) => Buffer.from(capture.reader.bytes(row.seq, 'wire', 0, 1_048_576)),
    ended: probe.done,
  }
}

function watched(recorder: Recorder, touch: () => void): Recorder {
  const watch = (connection: ConnectionRecorder): ConnectionRecorder => ({
    ...connection,
    bytes(from, chunk) {
      connection.bytes(from, chunk)
      touch()
    },
    end(from) {
      connection.end(from)
      touch()
    },
    local(row) {
      connection.local(row)
      touch()
    },
  })
  return {
    now: () => recorder.now(),
    connection: (technique) => watch(recorder.connection(technique)),
    local(row) {
      recorder.local(row)
      touch()
    },
  }
}
