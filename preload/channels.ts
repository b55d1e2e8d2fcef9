/** The few messages between the Electron shell and the preload script. Everything else goes over the port. */

/** Window to shell: hand me a port to the engine. No arguments. */
export const REQUEST_PORT = 'pushscope:request-port'

/** Shell to window, with one port: a `PortGiven`. Also the `type` of what the preload posts to the page. */
export const PORT = 'pushscope:port'

export interface PortGiven {
  /** Random, good for this one port: what another frame posts cannot carry it twice. */
  nonce: string
}

/** Window to shell: from now on tell me what is to be opened, and what has waited for me. No arguments. */
export const WATCH_OPENINGS = 'pushscope:watch-openings'

/** Shell to window: one `Opening`. */
export const OPENING = 'pushscope:opening'

/** What the system or the menu wants the window to show. None of these connects to anything. */
export type Opening =
  /** Stands in the URL bar, checked; message and hint say why. */
  | { type: 'url'; url: string; message: string; hint: string }
  /** Lies in the data directory under that id. */
  | { type: 'capture'; id: string; message: string; hint: string }
  | { type: 'notice'; message: string; hint: string }
  | { type: 'page'; page: 'about' | 'news' }

/** What the window cannot know by itself. */
export interface HostVersions {
  electron: string
  chromium: string
  /** Of the operating system. */
  system: string
}
