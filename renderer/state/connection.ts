/**
 * Connect, disconnect, send, record: what the buttons do. One connection of the window's own at a time; recordings of
 * a server go on beside it.
 */
import { shallowReadonly, shallowRef, watch } from 'vue'
import { maskTarget, SERVERS, type CaptureInfo, type Outgoing, type ServerId } from '../../preload/contract/index.ts'
import { startApiClient, type ApiClient } from '../api-clients/index.ts'
import { engine } from '../backend/index.ts'
import { capture, captureId, captureIsLive, showCapture } from './capture.ts'
import { addCapture, captures, isLive } from './captures.ts'
import { notify, valueOf } from './notices.ts'
import { chooseServer, form, target, toRequest, usesBrowser } from './request.ts'
import { serverName, serverState, startServer } from './servers.ts'

const pending = shallowRef(false)
/** A connection is being asked for. */
export const isConnecting = shallowReadonly(pending)

/** The window's own connection: by the probe, or by the browser's API. */
let own: string | null = null
const api = shallowRef<{ capture: string; client: ApiClient } | null>(null)

export async function connect(): Promise<void> {
  if (pending.value) return
  if (form.url.trim() === '') {
    notify('warning', 'There is no URL to connect to.', 'Type one, or choose a reference server on the left.')
    return
  }
  pending.value = true
  try {
    if (own !== null) await disconnectFrom(own)
    const id = target.value
    if (id !== null && !(await makeRun(id))) return
    const info =
      id !== null && usesBrowser.value ? await connectBrowser(id) : valueOf(await engine.connect(toRequest()))
    if (!info) return
    own = info.id
    addCapture(info)
    await showCapture(info)
  } finally {
    pending.value = false
  }
}

export async function connectTo(id: ServerId): Promise<void> {
  chooseServer(id)
  await connect()
}

/** Starts the server when it does not run, and takes over the URL that it got. */
async function makeRun(id: ServerId): Promise<boolean> {
  if (serverState(id)?.state === 'running') return true
  const typed = URL.parse(form.url)
  const state = await startServer(id)
  if (!state) return false
  const url = URL.parse(state.url)
  if (url && typed) form.url = `${url.protocol}//${url.host}${typed.pathname}${typed.search}`
  return true
}

async function connectBrowser(id: ServerId): Promise<CaptureInfo | null> {
  const door = valueOf(await engine.openDoor(id))
  if (!door) return null
  const request = toRequest()
  const typed = URL.parse(request.url)
  const url = URL.parse(door.url)
  if (typed && url) {
    // The door leads into the same server: path and query are the reader's.
    url.pathname = typed.pathname
    url.search = typed.search
  }
  const client = await startApiClient({
    server: id,
    technique: SERVERS[id].technique,
    url: url?.href ?? door.url,
    capture: door.capture.id,
    interval: request.interval,
    subprotocols: request.subprotocols,
    onEnd: () => void endBrowser(door.capture.id),
  })
  api.value = { capture: door.capture.id, client }
  return door.capture
}

/** The API has nothing more to say: the door closes, and with it the capture. */
async function endBrowser(id: string): Promise<void> {
  if (api.value?.capture === id) api.value = null
  await engine.disconnect(id)
}

async function disconnectFrom(id: string): Promise<void> {
  if (api.value?.capture === id) {
    const { client } = api.value
    api.value = null
    await client.close()
  }
  valueOf(await engine.disconnect(id))
  if (own === id) own = null
}

/** Ends the capture on show. */
export async function disconnect(): Promise<void> {
  if (captureId.value !== null) await disconnectFrom(captureId.value)
}

export async function toggleConnection(): Promise<void> {
  await (captureIsLive.value ? disconnect() : connect())
}

/** Records whatever reaches a local server from now on, from any client. */
export async function recordServer(id: ServerId): Promise<void> {
  if (!(await startServer(id))) return
  const info = valueOf(await engine.recordServer(id))
  if (!info) return
  addCapture(info)
  await showCapture(info)
  notify('info', `Whatever reaches ${serverName(id)} is recorded.`, 'Connect to it from anywhere.')
}

// A page that leaves takes its API clients with it; their doors would stay open for nobody.
window.addEventListener('pagehide', () => {
  if (api.value) void engine.disconnect(api.value.capture)
})

// After a reload the engine still runs what this window began: it comes on show again.
const stopLooking = watch(captures, (list) => {
  stopLooking()
  const running = list.find((info) => info.source === 'probe' && isLive(info))
  if (running && captureId.value === null && own === null) void showCapture(running)
})

// A capture that comes on show can be connected to again, unless the reader has typed something. A URL that holds
// credentials is typed again: it would stand there unasked.
watch(captureId, () => {
  if (!capture.value || form.url !== '' || maskTarget(capture.value.url) !== capture.value.url) return
  form.url = capture.value.url
  form.technique = capture.value.technique ?? 'auto'
})

/** Does the capture on show go through the browser's own WebSocket, which cannot send everything? */
export const sendsThroughBrowser = (): boolean => api.value !== null && api.value.capture === captureId.value

export async function send(message: Outgoing): Promise<boolean> {
  const info = capture.value
  if (!info) return false
  const result = sendsThroughBrowser() ? api.value!.client.send(message) : await engine.send(info.id, message)
  valueOf(result)
  return result.ok
}
