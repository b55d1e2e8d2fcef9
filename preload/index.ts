/**
 * What the page can see of Electron: its name and versions, a way to ask for a port to the engine, and a way to hear
 * what the system wants opened. The port then arrives as a message to the window itself, since ports cannot cross the
 * context bridge.
 * https://www.electronjs.org/docs/latest/tutorial/message-ports
 *
 * Sandboxed: built as one CommonJS file that requires nothing but `electron`.
 */
import { contextBridge, ipcRenderer } from 'electron'
import {
  OPENING,
  PORT,
  REQUEST_PORT,
  WATCH_OPENINGS,
  type HostVersions,
  type Opening,
  type PortGiven,
} from './channels.ts'

ipcRenderer.on(PORT, (event, { nonce }: PortGiven) => {
  const [port] = event.ports
  // To our own origin only: were the window ever elsewhere, the port would go nowhere.
  if (port) window.postMessage({ type: PORT, nonce }, location.origin, [port])
})

/** Before the page listens, what comes waits: a page that is loaded again still counts as the one that asked. */
let waiting: Opening[] = []
let listen = (opening: Opening): unknown => waiting.push(opening)
ipcRenderer.on(OPENING, (_event, opening: Opening) => void listen(opening))

contextBridge.exposeInMainWorld('pushscope', {
  host: 'electron',
  versions: {
    electron: process.versions['electron'] ?? '',
    chromium: process.versions['chrome'] ?? '',
    system: process.getSystemVersion(),
  } satisfies HostVersions,
  requestPort(): void {
    ipcRenderer.send(REQUEST_PORT)
  },
  /** One listener; a later one takes its place. */
  onOpening(listener: (opening: Opening) => void): void {
    listen = listener
    for (const opening of waiting) listener(opening)
    waiting = []
    ipcRenderer.send(WATCH_OPENINGS)
  },
})
