/** The six reference servers as the engine tells of them, and what can be done with them. */
import { computed, shallowReadonly, shallowRef } from 'vue'
import { SERVERS, SERVER_IDS } from '../../preload/contract/index.ts'
import type { ControlValues, ServerAction, ServerId, ServerState } from '../../preload/contract/index.ts'
import { engine, onLinkOpen, onWindowEvent } from '../backend/index.ts'
import { notify, valueOf } from './notices.ts'

const list = shallowRef<readonly ServerState[]>([])
const busy = shallowRef<ReadonlySet<ServerId>>(new Set())

export const servers = shallowReadonly(list)
/** Servers that are about to start or stop. */
export const busyServers = shallowReadonly(busy)
export const runningCount = computed(() => list.value.filter(({ state }) => state === 'running').length)

onWindowEvent('serversChanged', (next) => {
  list.value = next
})
onLinkOpen(async () => {
  list.value = await engine.servers().catch(() => list.value)
})

export const serverState = (id: ServerId): ServerState | null => list.value.find((server) => server.id === id) ?? null

/** `WebSocket by hand`: unique among the six. */
export const serverName = (id: ServerId): string => [SERVERS[id].label, SERVERS[id].hint].filter(Boolean).join(' ')

/** What a client connects to; where it would be while the server is stopped. */
export function serverUrl(id: ServerId): string {
  const { scheme, defaultPort, path } = SERVERS[id]
  return serverState(id)?.url || `${scheme}://127.0.0.1:${defaultPort}${path}`
}

/** The running server at that host and port. */
export const runningServerAt = (host: string): ServerId | null =>
  list.value.find(({ state, url }) => state === 'running' && hostOf(url) === host)?.id ?? null

export const hostOf = (url: string): string => URL.parse(url)?.host ?? ''

const put = (server: ServerState): ServerState => {
  list.value = list.value.map((known) => (known.id === server.id ? server : known))
  return server
}

async function whileBusy<T>(id: ServerId, work: () => Promise<T>): Promise<T> {
  busy.value = new Set([...busy.value, id])
  try {
    return await work()
  } finally {
    busy.value = new Set([...busy.value].filter((other) => other !== id))
  }
}

/** The server running, started when it was not; null when it could not be (which is told). */
export async function startServer(id: ServerId): Promise<ServerState | null> {
  const known = serverState(id)
  if (known?.state === 'running') return known
  const state = await whileBusy(id, async () => valueOf(await engine.startServer(id)))
  if (!state) return null
  if (state.fellBack) {
    notify('info', `Port ${SERVERS[id].defaultPort} is taken: ${serverName(id)} listens on ${state.port}.`)
  }
  return put(state)
}

export async function stopServer(id: ServerId): Promise<void> {
  const state = await whileBusy(id, async () => valueOf(await engine.stopServer(id)))
  if (state) put(state)
}

export async function startAllServers(): Promise<void> {
  await Promise.all(SERVER_IDS.map((id) => startServer(id)))
}

export async function stopAllServers(): Promise<void> {
  await Promise.all(list.value.filter(({ state }) => state === 'running').map(({ id }) => stopServer(id)))
}

export async function controlServer(id: ServerId, values: ControlValues): Promise<void> {
  const state = valueOf(await engine.controlServer(id, values))
  if (state) put(state)
}

export async function actOnServer(id: ServerId, action: ServerAction): Promise<void> {
  const state = valueOf(await engine.actOnServer(id, action))
  if (state) put(state)
}
