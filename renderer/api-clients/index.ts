/** The window as a client: the browser's own API on a local server, by technique. */
import type { Technique } from '../../preload/contract/index.ts'
import type { ApiClient, ApiClientOptions, ApiName, StartClient } from './client.ts'
import { startEventSource } from './event-source.ts'
import { startFetchPolling } from './fetch-polling.ts'
import { startIframeStream } from './iframe-stream.ts'
import { clockOffset, createReporter } from './reporter.ts'
import { startWebSocket } from './web-socket.ts'

export type { ApiClient } from './client.ts'

const CLIENTS: Readonly<Record<Technique, { api: ApiName; start: StartClient }>> = {
  polling: { api: 'fetch', start: startFetchPolling },
  'long-polling': { api: 'fetch', start: startFetchPolling },
  'iframe-stream': { api: 'iframe', start: startIframeStream },
  sse: { api: 'EventSource', start: startEventSource },
  websocket: { api: 'WebSocket', start: startWebSocket },
}

/** Sets the clocks first, so that no event has to wait for it. */
export async function startApiClient(options: ApiClientOptions): Promise<ApiClient> {
  const { api, start } = CLIENTS[options.technique]
  const { report, flush } = createReporter(options.capture, api, await clockOffset())
  const client = start({ ...options, onEnd: () => void flush().then(options.onEnd) }, report)
  return {
    send: (message) => client.send(message),
    async close() {
      await client.close()
      await flush()
    },
  }
}
