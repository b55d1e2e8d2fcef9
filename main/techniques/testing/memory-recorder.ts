/** A recorder for tests: keeps bytes per connection and local rows in order, dissects nothing, stores nothing. */
import type { Technique } from '../../../preload/contract/index.ts'
import type { ConnectionRecorder, LocalKind, LocalRow, Recorder } from '../../capture/recorder.ts'

export interface RecordedConnection {
  number: number
  technique: Technique | null
  /** What each side sent, whole. */
  client: Buffer
  server: Buffer
  ended: { client: boolean; server: boolean }
}

export interface RecordedRow {
  connection: number
  kind: LocalKind
  details: Record<string, unknown>
  findings: string[]
}

export interface MemoryRecorder extends Recorder {
  connections: RecordedConnection[]
  rows: RecordedRow[]
  rowsOf(kind: LocalKind): RecordedRow[]
  /** Requests as the wire has them: heads of what the clients sent, in order. */
  requests(): string[]
  /** Resolves when `reached` is true; looked at after each change. */
  until(reached: () => boolean): Promise<void>
  /** Something else changed that an `until` may wait for. */
  touch(): void
}

export function createMemoryRecorder(): MemoryRecorder {
  const connections: RecordedConnection[] = []
  const rows: RecordedRow[] = []
  const waiting = new Set<() => void>()
  const touch = (): void => {
    for (const look of waiting) look()
  }
  const add = (connection: number, { kind, details, findings }: LocalRow): void => {
    rows.push({ connection, kind, details: { ...details }, findings: (findings ?? []).map(({ id }) => id) })
    touch()
  }
  const connect = (technique: Technique | null): ConnectionRecorder => {
    const connection: RecordedConnection = {
      number: connections.length + 1,
      technique,
      client: Buffer.alloc(0),
      server: Buffer.alloc(0),
      ended: { client: false, server: false },
    }
    connections.push(connection)
    return {
      number: connection.number,
      bytes(from, chunk) {
        const side = from === 0 ? 'client' : 'server'
        connection[side] = Buffer.concat([connection[side], chunk])
        touch()
      },
      end(from) {
        connection.ended[from === 0 ? 'client' : 'server'] = true
        touch()
      },
      local: (row) => add(connection.number, row),
      technique(late) {
        connection.technique = late
      },
      onHold: () => undefined,
    }
  }
  return {
    now: () => Math.round(performance.now() * 1_000),
    connection: connect,
    local: (row) => add(0, row),
    connections,
    rows,
    rowsOf: (kind) => rows.filter((row) => row.kind === kind),
    requests: () =>
      connections.flatMap(({ client }) => client.toString('latin1').split(/(?<=\r\n\r\n)(?=[A-Z]+ )/)).filter(Boolean),
    until: (reached) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!reached()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    touch,
  }
}
