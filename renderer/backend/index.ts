/**
 * The contract's client: `engine` to ask, `onWindowEvent` to be told. The only way out of the renderer.
 * Calls made before the link stands wait for it; calls that a dropped link leaves unanswered fail as values
 * (`engine-gone`) where the contract has a Result, and reject where it has none.
 */
import { createBirpc } from 'birpc'
import { fail } from '../../preload/contract/index.ts'
import type { EngineApi, WindowApi } from '../../preload/contract/index.ts'
import { createLink } from './link.ts'
import { hasPreload, openPort } from './port.ts'
import { openWebSocket } from './websocket.ts'

export { linkReason, linkState } from './link.ts'

type EventName = keyof WindowApi
type Listener<N extends EventName> = WindowApi[N]
type Listeners = { [N in EventName]: Set<Listener<N>> }

/** Functions whose answer is not a Result, so that a lost link can only reject. */
const PLAIN: readonly string[] = ['hello', 'now', 'servers', 'captures'] satisfies (keyof EngineApi)[]

const listeners: Listeners = {
  serversChanged: new Set(),
  capturesChanged: new Set(),
  progress: new Set(),
  viewChanged: new Set(),
  engineRestarted: new Set(),
}

const link = createLink(hasPreload() ? openPort : openWebSocket)

const events: WindowApi = {
  serversChanged: (servers) => listeners.serversChanged.forEach((listener) => listener(servers)),
  capturesChanged: (captures) => listeners.capturesChanged.forEach((listener) => listener(captures)),
  progress: (progress) => listeners.progress.forEach((listener) => listener(progress)),
  viewChanged: (view) => listeners.viewChanged.forEach((listener) => listener(view)),
  engineRestarted: (reason) => listeners.engineRestarted.forEach((listener) => listener(reason)),
}

const rpc = createBirpc<EngineApi, WindowApi>(events, {
  post: (text: string) => link.send(text),
  on: (receive) => link.onMessage(receive),
  serialize: (message) => JSON.stringify(message),
  deserialize: (text: string) => parse(text),
  resolver: (name, known) => (Object.hasOwn(events, name) ? known : undefined),
  timeout: -1, // an export may take long; a lost link ends a call sooner than any clock
})

/** What is no JSON is taken for an answer to nothing, which birpc passes over. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { t: 's', i: '' }
  }
}

link.onDrop(() => rpc.$rejectPendingCalls())

/** The engine, as typed in the contract. */
export const engine: EngineApi = new Proxy(rpc, {
  get(target, name) {
    const call = target[name as keyof EngineApi] as (...args: unknown[]) => Promise<unknown>
    if (typeof name !== 'string' || PLAIN.includes(name)) return call
    return async (...args: unknown[]) => {
      try {
        return await call(...args)
      } catch (error) {
        const message = error instanceof Error ? error.message : ''
        return message.startsWith('[birpc]')
          ? fail('engine-gone', 'The engine went away before it answered.', 'Try again when it is back.')
          : fail('internal', message || 'The engine failed to answer.')
      }
    }
  },
})

/** Calls `listener` for every push of that name; the returned function ends it. */
export function onWindowEvent<N extends EventName>(name: N, listener: Listener<N>): () => void {
  listeners[name].add(listener)
  return () => listeners[name].delete(listener)
}

/** Called each time the link to the engine opens: also the first time, and after a drop. */
export const onLinkOpen = link.onOpen
