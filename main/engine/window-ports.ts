/**
 * Serves windows over message ports: what the engine's process does with what its parent sends. The other end is
 * main/shell/engine-process.ts. Structural types stand for Electron's, which the engine does not know.
 */
import type { Channel } from './bridge.ts'
import { serveBridge } from './bridge.ts'
import type { Engine } from './engine.ts'

/** A MessagePortMain, as far as it is used. */
export interface WindowPort {
  postMessage(message: string): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
}

export interface ParentMessage {
  data: unknown
  ports: WindowPort[]
}

/** `close` ends the process. */
export function createParentListener(engine: Engine, close: () => void): (message: ParentMessage) => void {
  return ({ data, ports }) => {
    const { type, restarted } = (data ?? {}) as { type?: unknown; restarted?: unknown }
    const [port] = ports
    if (type === 'close') return close()
    if (type !== 'window' || !port) return
    serveBridge(
      typeof restarted === 'string' && restarted !== '' ? telling(engine, restarted) : engine,
      channelOf(port),
    )
    port.start()
  }
}

/** The engine, but the first thing a window hears from it is that it is not the one from before. */
const telling = (engine: Engine, reason: string): Engine => ({
  ...engine,
  subscribe(window) {
    const unsubscribe = engine.subscribe(window)
    window.engineRestarted(reason)
    return unsubscribe
  },
})

const channelOf = (port: WindowPort): Channel => ({
  send: (text) => port.postMessage(text),
  onMessage: (listener) =>
    port.on('message', ({ data }) => {
      if (typeof data === 'string') listener(data)
    }),
  onClose: (listener) => port.on('close', listener),
})
