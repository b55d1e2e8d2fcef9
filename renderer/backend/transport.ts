/**
 * What carries the contract's messages: text both ways, with an end. One file per transport; serialisation is shared
 * and lives in index.ts.
 */
export interface TransportEvents {
  /** The other side can be talked to. */
  open(): void
  message(text: string): void
  /** It is over, or never began. Called once. `final`: trying again would not help. */
  close(why: string, final: boolean): void
}

export interface Transport {
  send(text: string): void
  close(): void
}

/** Starts to connect at once; never throws. */
export type OpenTransport = (events: TransportEvents) => Transport
