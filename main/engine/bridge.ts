/**
 * Carries the contract over a channel of text messages: a MessagePort in Electron, a WebSocket in the browser host.
 * One bridge per window.
 */
import { createBirpc } from 'birpc'
import type { EngineApi, WindowApi } from '../../preload/contract/index.ts'
import type { Engine } from './engine.ts'

export interface Channel {
  send(text: string): void
  onMessage(listener: (text: string) => void): void
  onClose(listener: () => void): void
}

/** Serves one window until its channel closes. Text that is no message of the bridge is passed over. */
export function serveBridge(engine: Engine, channel: Channel): void {
  const rpc = createBirpc<WindowApi, EngineApi>(engine.api, {
    post: (text: string) => channel.send(text),
    on: (listener) => channel.onMessage((text) => void deliver(listener, text)),
    serialize: (message) => JSON.stringify(message),
    deserialize: (text: string) => JSON.parse(text) as unknown,
    eventNames: ['serversChanged', 'capturesChanged', 'progress', 'viewChanged', 'engineRestarted'],
    resolver: (name, resolved) => (Object.hasOwn(engine.api, name) ? resolved : undefined),
    timeout: -1,
    onGeneralError: () => true,
  })
  const unsubscribe = engine.subscribe({
    serversChanged: (servers) => void rpc.serversChanged.asEvent(servers),
    capturesChanged: (captures) => void rpc.capturesChanged.asEvent(captures),
    progress: (progress) => void rpc.progress.asEvent(progress),
    viewChanged: (view) => void rpc.viewChanged.asEvent(view),
    engineRestarted: (reason) => void rpc.engineRestarted.asEvent(reason),
  })
  channel.onClose(() => {
    unsubscribe()
    if (!rpc.$closed) rpc.$close()
  })
}

async function deliver(listener: (text: string) => unknown, text: string): Promise<void> {
  try {
    await listener(text)
  } catch {
    // Not JSON, or not a message of ours: a window that speaks nonsense gets no answer.
  }
}
