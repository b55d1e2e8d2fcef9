/** The request form: what the Connect button will ask for. Kept while the window lives; nothing is sent from here. */
import { computed, reactive, shallowReadonly, shallowRef, watch } from 'vue'
import { DEFAULT_REQUEST, SERVERS } from '../../preload/contract/index.ts'
import type { ConnectRequest, ServerId, Technique } from '../../preload/contract/index.ts'
import { hostOf, runningServerAt, serverUrl } from './servers.ts'

export interface RequestForm {
  url: string
  technique: Technique | 'auto'
  /** Who connects: the engine's probe, or this window through the browser's own API (local servers only). */
  client: 'probe' | 'browser'
  headers: { name: string; value: string }[]
  /** As typed, with commas. */
  subprotocols: string
  method: string
  body: string
  interval: number
  raw: boolean
  compression: boolean
  insecure: boolean
  autoPong: boolean
  echo: boolean
  reconnect: boolean
}

const initial = (): Omit<RequestForm, 'url' | 'technique' | 'client'> => ({
  headers: [],
  subprotocols: '',
  method: DEFAULT_REQUEST.method,
  body: '',
  interval: DEFAULT_REQUEST.interval,
  raw: DEFAULT_REQUEST.raw,
  compression: DEFAULT_REQUEST.compression,
  insecure: DEFAULT_REQUEST.insecure,
  autoPong: DEFAULT_REQUEST.autoPong,
  echo: DEFAULT_REQUEST.echo,
  reconnect: DEFAULT_REQUEST.reconnect,
})

export const form = reactive<RequestForm>({ url: '', technique: 'auto', client: 'probe', ...initial() })

const chosen = shallowRef<ServerId | null>(null)

/** The local server that the URL leads to: the one chosen in the list, or one that runs at that host and port. */
export const target = computed<ServerId | null>(() => {
  const host = hostOf(form.url)
  if (host === '') return null
  if (chosen.value !== null && hostOf(serverUrl(chosen.value)) === host) return chosen.value
  return runningServerAt(host)
})
export const chosenServer = shallowReadonly(chosen)

export const usesBrowser = computed(() => form.client === 'browser' && target.value !== null)

/** What the URL and the choice say; null when only the answer will tell. */
export const likelyTechnique = computed<Technique | null>(() => {
  if (form.technique !== 'auto') return form.technique
  if (/^wss?:/i.test(form.url.trim())) return 'websocket'
  return target.value === null ? null : SERVERS[target.value].technique
})

/** The technique that a server brought along, not the reader; null when there was none. */
let brought: RequestForm['technique'] | null = null

/** Fills in URL and technique of a server; both go along when it starts or stops, as long as nobody changes them. */
export function chooseServer(id: ServerId): void {
  chosen.value = id
  form.url = serverUrl(id)
  form.technique = brought = SERVERS[id].technique
}

// A server may start on another port than it was expected on.
watch(
  () => chosen.value && serverUrl(chosen.value),
  (now, before) => {
    if (now !== null && form.url === before) form.url = now
  },
  { flush: 'sync' },
)

// A URL that leads elsewhere has another technique.
watch(
  target,
  (id) => {
    if (brought === null) return
    if (form.technique !== brought) brought = null
    else form.technique = brought = id === null ? 'auto' : SERVERS[id].technique
  },
  { flush: 'sync' },
)

/** How many settings differ from what a plain connection has. */
export const changedSettings = computed(() => {
  const plain = initial()
  const { headers, ...rest } = plain
  const simple = (Object.keys(rest) as (keyof typeof rest)[]).filter((name) => form[name] !== rest[name])
  return simple.length + form.headers.filter(({ name }) => name.trim() !== '').length + headers.length
})

export function resetSettings(): void {
  Object.assign(form, initial())
}

export function toRequest(): ConnectRequest {
  const technique = form.technique === 'auto' ? null : form.technique
  const list = form.subprotocols.split(',').map((name) => name.trim())
  return {
    url: form.url.trim(),
    technique,
    raw: form.raw,
    headers: form.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
    subprotocols: list.filter((name) => name !== ''),
    method: form.method.trim() || 'GET',
    body: form.body === '' ? null : form.body,
    reconnect: form.reconnect,
    interval: Math.min(Math.max(1, Number(form.interval) || DEFAULT_REQUEST.interval), 86_400_000),
    compression: form.compression,
    insecure: form.insecure,
    echo: form.echo,
    autoPong: form.autoPong,
  }
}
