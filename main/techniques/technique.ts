/**
 * What every technique brings: a reference server (one or two) and a probe. See registry.ts for the table.
 */
import type {
  ConnectRequest,
  ControlValues,
  Failure,
  Outgoing,
  Result,
  ServerAction,
  ServerState,
} from '../../preload/contract/index.ts'
import type { Recorder } from '../capture/recorder.ts'

export interface ReferenceServer {
  state(): ServerState
  /** `port` 0 takes a free one; when the wanted port is in use a free one is taken and the state says so. Rejects never. */
  start(port?: number): Promise<ServerState>
  /** Ends every connection it has and frees the port. */
  stop(): Promise<ServerState>
  /** Values were checked against the table of controls. */
  control(values: ControlValues): ServerState
  act(action: ServerAction): ServerState
  /**
   * A second listener on a free loopback port, leading into this same server; every socket that comes through it
   * is recorded into `recorder`. `url` is what a client connects to.
   */
  openDoor(recorder: Recorder): Promise<Door>
  /** Records every connection that reaches the server's own port until the returned function is called. */
  record(recorder: Recorder): () => void
  /** Called (at most 10 times a second) when the state changed: clients, ticks, controls. */
  onChange(listener: () => void): void
}

export interface Door {
  url: string
  close(): Promise<void>
}

export type ProbeState = 'connecting' | 'open' | 'waiting' | 'closed' | 'failed'

/** How it ended. */
export type Outcome =
  /** Ended as asked, or by the peer after it had been open. */
  | { how: 'ended' }
  /** Never opened, or failed for good. The rows tell the story; `failure` is its last sentence. */
  | { how: 'failed'; failure: Failure }

export interface Probe {
  readonly state: ProbeState
  /** For WebSocket; other techniques answer `cannot-send`. */
  send(message: Outgoing): Result<null>
  /** Ends it cleanly where the technique can; resolves with `done`. Idempotent. */
  close(): Promise<void>
  /** Resolves when everything is over and every byte is recorded. Never rejects. */
  readonly done: Promise<Outcome>
}

export interface ProbeOptions {
  /** `technique` is set; the URL was checked. */
  request: ConnectRequest
  recorder: Recorder
  onState(state: ProbeState, message: string): void
}

/** Starts to connect at once; never throws. */
export type CreateProbe = (options: ProbeOptions) => Probe
