/**
 * What the page can see of Electron: its name, and a way to ask for a port to the engine. The port then arrives as a
 * message to the window itself, since ports cannot cross the context bridge.
 * https://www.electronjs.org/docs/latest/tutorial/message-ports
 *
 * Sandboxed: built as one CommonJS file that requires nothing but `electron`.
 */
import { contextBridge, ipcRenderer } from 'electron'
import { PORT, REQUEST_PORT, type PortGiven } from './channels.ts'

ipcRenderer.on(PORT, (event, { nonce }: PortGiven) => {
  const [port] = event.ports
  // To our own origin only: were the window ever elsewhere, the port would go nowhere.
  if (port) window.postMessage({ type: PORT, nonce }, location.origin, [port])
})

contextBridge.exposeInMainWorld('pushscope', {
  host: 'electron',
  requestPort(): void {
    ipcRenderer.send(REQUEST_PORT)
  },
})
