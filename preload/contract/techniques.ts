/**
 * The five techniques and the six reference servers: names, labels, default places.
 * A table, nothing else; what a server does lives in main/techniques.
 */

export const TECHNIQUES = ['polling', 'long-polling', 'iframe-stream', 'sse', 'websocket'] as const
export type Technique = (typeof TECHNIQUES)[number]

export const TECHNIQUE_LABELS: Readonly<Record<Technique, string>> = {
  polling: 'Polling',
  'long-polling': 'Long polling',
  'iframe-stream': 'Iframe streaming',
  sse: 'Server-Sent Events',
  websocket: 'WebSocket',
}

export const SERVER_IDS = [
  'polling',
  'long-polling',
  'iframe-stream',
  'sse',
  'websocket-library',
  'websocket-raw',
] as const
export type ServerId = (typeof SERVER_IDS)[number]

/** `library` is the `ws` package, `raw` is written by hand on `node:net`; null where there is only one. */
export type Variant = 'library' | 'raw'

export interface ServerInfo {
  technique: Technique
  variant: Variant | null
  label: string
  /** The grey word behind the label in the list; empty when there is nothing to tell apart. */
  hint: string
  scheme: 'http' | 'ws'
  /** Tried first; a free port is taken when it is in use. */
  defaultPort: number
  /** Path and query of the endpoint; `/` is the page for a plain browser (WebSocket shares it). */
  path: string
}

export const SERVERS: Readonly<Record<ServerId, ServerInfo>> = {
  polling: {
    technique: 'polling',
    variant: null,
    label: 'Polling',
    hint: '',
    scheme: 'http',
    defaultPort: 8000,
    path: '/clock',
  },
  'long-polling': {
    technique: 'long-polling',
    variant: null,
    label: 'Long polling',
    hint: '',
    scheme: 'http',
    defaultPort: 8001,
    path: '/clock?since=0',
  },
  'iframe-stream': {
    technique: 'iframe-stream',
    variant: null,
    label: 'Iframe streaming',
    hint: '',
    scheme: 'http',
    defaultPort: 8002,
    path: '/clock',
  },
  sse: {
    technique: 'sse',
    variant: null,
    label: 'Server-Sent Events',
    hint: '',
    scheme: 'http',
    defaultPort: 8003,
    path: '/clock',
  },
  'websocket-library': {
    technique: 'websocket',
    variant: 'library',
    label: 'WebSocket',
    hint: 'ws',
    scheme: 'ws',
    defaultPort: 8004,
    path: '/',
  },
  'websocket-raw': {
    technique: 'websocket',
    variant: 'raw',
    label: 'WebSocket',
    hint: 'by hand',
    scheme: 'ws',
    defaultPort: 8005,
    path: '/',
  },
}
