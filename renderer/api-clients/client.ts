/**
 * What a client on one of the browser's own APIs is: it connects, and says everything the API says, as it says it.
 * What the API keeps to itself (pings, comments, headers) it cannot say; the rows from the wire beside it show that.
 */
import type { DetailsByKind, Outgoing, Result, ServerId, Technique } from '../../preload/contract/index.ts'

export type ApiName = DetailsByKind['api-event']['api']

/** Says that something happened, just now. `data` is what arrived; `text` is a sentence or the event's properties. */
export type Report = (event: string, more?: { data?: string; text?: string }) => void

export interface ApiClientOptions {
  server: ServerId
  technique: Technique
  url: string
  capture: string
  /** ms between polls. */
  interval: number
  subprotocols: string[]
  /** It is over for good; not called after `close`. */
  onEnd(): void
}

export interface ApiClient {
  send(message: Outgoing): Result<null>
  /** Ends it; resolves when everything it reported is on its way. */
  close(): Promise<void>
}

/** One technique's client. `report` may be called until `close` has resolved. */
export type StartClient = (options: ApiClientOptions, report: Report) => ApiClient
