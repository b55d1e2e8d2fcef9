/** The few messages between the Electron shell and the preload script. Everything else goes over the port. */

/** Window to shell: hand me a port to the engine. No arguments. */
export const REQUEST_PORT = 'pushscope:request-port'

/** Shell to window, with one port: a `PortGiven`. Also the `type` of what the preload posts to the page. */
export const PORT = 'pushscope:port'

export interface PortGiven {
  /** Random, good for this one port: what another frame posts cannot carry it twice. */
  nonce: string
}
