/** Limits of the `ws` package for an inspector: its own are made for servers and close with 1008 where we look on. */
import type { ClientOptions, ServerOptions } from 'ws'
import { DEFAULT_LIMITS } from '../../../preload/contract/index.ts'

export const INSPECTOR_LIMITS = {
  maxPayload: DEFAULT_LIMITS.message,
  /** Frames of one message. */
  maxFragments: 4_194_304,
  /** Pieces of one frame as the network cut it. */
  maxBufferedChunks: 4_194_304,
  /** Pongs that the peer does not read; past that it is not answered but left. */
  maxPendingAutoPongs: 65_536,
}

/** Options of the installed `ws` that its types do not know yet; `closeTimeout` is ms for the peer's close frame. */
interface NewOptions {
  /** Bytes of the answer's head; handed on to node:http. */
  maxHeaderSize?: number
  closeTimeout: number
}
export type CurrentClientOptions = ClientOptions & NewOptions & typeof INSPECTOR_LIMITS
export type CurrentServerOptions = ServerOptions & NewOptions & typeof INSPECTOR_LIMITS
