/**
 * The two interfaces that cross the bridge: what a window may ask of the engine, and what the engine tells a window.
 * Everything is JSON: bytes travel as base64, absent values as null. Nothing per row is pushed.
 */
import type { ControlValues, ServerAction } from './controls.ts'
import type { Result } from './errors.ts'
import type { Handshake, Kind, RowDetail, RowSummary, From } from './rows.ts'
import type { ServerId, Technique } from './techniques.ts'

export interface Hello {
  version: string
  /** `electron` or `browser`. */
  host: string
  platform: string
  node: string
  dataDirectory: string
  /** Why captures are kept in a temporary folder; empty when they are not. */
  dataWarning: string
}

export interface ServerState {
  id: ServerId
  /** `failed`: it could not listen; `message` says why. */
  state: 'stopped' | 'running' | 'failed'
  message: string
  /** What a client connects to; empty unless running. */
  url: string
  /** The page for a plain browser; empty unless running. */
  page: string
  port: number
  /** True when the default port was taken and another is used. */
  fellBack: boolean
  /** Connections open now. */
  clients: number
  /** Ticks since it started. */
  ticks: number
  controls: ControlValues
}

/** What a probe is asked to do. */
export interface ConnectRequest {
  url: string
  /** null: guessed from the URL and the answer. */
  technique: Technique | null
  /** The hand-written WebSocket probe instead of `ws`. */
  raw: boolean
  headers: [name: string, value: string][]
  subprotocols: string[]
  method: string
  /** Request body; null for none. */
  body: string | null
  /** Follow the technique's own way of reconnecting. */
  reconnect: boolean
  /** ms between polls. */
  interval: number
  /** Offer permessage-deflate. */
  compression: boolean
  /** Accept any TLS certificate (it is shown all the same). */
  insecure: boolean
  /** Answer each WebSocket message with itself. */
  echo: boolean
  /** Answer pings by itself. */
  autoPong: boolean
}

export const DEFAULT_REQUEST: Readonly<Omit<ConnectRequest, 'url'>> = {
  technique: null,
  raw: false,
  headers: [],
  subprotocols: [],
  method: 'GET',
  body: null,
  reconnect: true,
  interval: 1_000,
  compression: true,
  insecure: false,
  echo: false,
  autoPong: true,
}

/** What a probe can be told to send. `base64` bytes. */
export type Outgoing =
  | { type: 'text'; text: string }
  | { type: 'binary'; base64: string }
  | { type: 'ping' | 'pong'; base64: string }
  | { type: 'close'; code: number | null; reason: string }

export interface CaptureInfo {
  id: string
  name: string
  url: string
  technique: Technique | null
  /** `probe`: our own client; `browser`: the window's API on a local server; `server`: whatever reaches a local server. */
  source: 'probe' | 'browser' | 'server'
  state: CaptureState
  /** ISO 8601 UTC. */
  startedAt: string
  rows: number
  /** Bytes on the wire, both directions. */
  bytes: number
}

export type CaptureState = 'connecting' | 'open' | 'waiting' | 'closed' | 'failed'

/** Running totals of one capture; never more than 30 a second. */
export interface CaptureProgress {
  capture: string
  state: CaptureState
  /** One sentence for the status line: `HTTP 401 instead of 101`; empty when there is nothing to say. */
  message: string
  rows: number
  bytes: { client: number; server: number }
  /** Bytes of payload that the application wanted (messages, event data, values). */
  payload: number
  messages: number
  /** Rows and bytes per second over the last second. */
  rate: { rows: number; bytes: number }
  /** Rows with a warning or a fault. */
  findings: number
  /** µs since the capture started, now. */
  time: number
  /** µs between the last ping and its pong; null when none. */
  ping: number | null
  /** Bytes seen and not stored, because a bound was hit. */
  unstored: number
  /** The last screenful of the whole capture. */
  tail: RowSummary[]
}

/** Which rows to show. All conditions hold at once; an empty list means any. */
export interface Filter {
  from: From[]
  kinds: Kind[]
  /** WebSocket opcodes, when ws-frame is among the kinds. */
  opcodes: number[]
  /** Text to find in the payload, or `/regex/flags`; an invalid regex is taken literally. */
  text: string
  /** Only rows with findings. */
  findings: boolean
  connection: number | null
}

export interface ViewInfo {
  capture: string
  /** 0 is the unfiltered view, which always exists. */
  view: number
  count: number
  /** Rows scanned so far; the view is complete when it equals the capture's rows. */
  scanned: number
}

export type BytesPart = 'wire' | 'payload' | 'content'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export interface EngineApi {
  hello(): Promise<Hello>
  /** The engine's clock, ms since the epoch with fractions; to place the window's own events on one time line. */
  now(): Promise<number>

  /** What windows asked to keep, by name; names and meanings are the window's. */
  settings(): Promise<Result<Record<string, Json>>>
  /** `name` at most 64 of A-Z, a-z, 0-9, `_` and `-`; `value` at most 64 KiB as JSON; at most 256 names. */
  saveSetting(name: string, value: Json): Promise<Result<null>>

  servers(): Promise<ServerState[]>
  startServer(id: ServerId): Promise<Result<ServerState>>
  stopServer(id: ServerId): Promise<Result<ServerState>>
  controlServer(id: ServerId, values: ControlValues): Promise<Result<ServerState>>
  actOnServer(id: ServerId, action: ServerAction): Promise<Result<ServerState>>

  /** Starts a probe and a capture of it. Resolves at once; how it goes is told by progress and rows. */
  connect(request: ConnectRequest): Promise<Result<CaptureInfo>>
  /** Opens a door to a local server for the window's own API; what comes through it is recorded. */
  openDoor(id: ServerId): Promise<Result<{ capture: CaptureInfo; url: string }>>
  /** Records whatever reaches a local server from now on. */
  recordServer(id: ServerId): Promise<Result<CaptureInfo>>
  disconnect(capture: string): Promise<Result<null>>
  send(capture: string, message: Outgoing): Promise<Result<null>>
  /** What the window's API reported; `at` in the engine's clock (`now`). */
  apiEvents(
    capture: string,
    events: { at: number; api: string; event: string; data?: string; text?: string }[],
  ): Promise<Result<null>>

  captures(): Promise<CaptureInfo[]>
  openCapture(capture: string): Promise<Result<CaptureProgress>>
  renameCapture(capture: string, name: string): Promise<Result<null>>
  deleteCapture(capture: string): Promise<Result<null>>
  /** The whole capture as NDJSON text; for small captures and the clipboard. Credentials are marks unless `secrets`. */
  exportCapture(capture: string, secrets?: boolean): Promise<Result<string>>

  createView(capture: string, filter: Filter): Promise<Result<ViewInfo>>
  dropView(capture: string, view: number): Promise<Result<null>>
  /** `count` at most 500; `from` is an index into the view. */
  rows(capture: string, view: number, from: number, count: number): Promise<Result<RowSummary[]>>
  /** Index in the view of the row with that seq, or of the next one after it. */
  locate(capture: string, view: number, seq: number): Promise<Result<number>>
  row(capture: string, seq: number): Promise<Result<RowDetail>>
  /** How the connection of the row with that seq began, and the exchange on it that the row belongs to. */
  handshake(capture: string, seq: number): Promise<Result<Handshake>>
  /** At most 1 MiB a call; base64. */
  bytes(capture: string, seq: number, part: BytesPart, offset: number, length: number): Promise<Result<string>>
}

export interface WindowApi {
  serversChanged(servers: ServerState[]): void
  capturesChanged(captures: CaptureInfo[]): void
  progress(progress: CaptureProgress): void
  viewChanged(view: ViewInfo): void
  /** The engine process ended and was started again; captures on disk are intact. */
  engineRestarted(reason: string): void
}
