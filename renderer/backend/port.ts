/**
 * Electron's transport: a MessagePort that the preload posts to this window when asked.
 * The port is taken once per request, and only from this very window; other frames cannot pass one in.
 */
import type { HostVersions, Opening } from '../../preload/channels.ts'
import type { OpenTransport } from './transport.ts'

interface Preload {
  host: 'electron'
  versions: HostVersions
  requestPort(): void
  /** What the system wants opened; one listener. */
  onOpening(listener: (opening: Opening) => void): void
}

declare global {
  interface Window {
    pushscope?: Preload
  }
}

interface PortMessage {
  type: 'pushscope:port'
  nonce: string
}

/** A nonce is good for one port. */
const used = new Set<string>()

export const hasPreload = (): boolean => window.pushscope?.host === 'electron'

export const openPort: OpenTransport = (events) => {
  let port: MessagePort | null = null
  let over = false

  const take = (event: MessageEvent<unknown>): void => {
    if (event.source !== window || !isPortMessage(event.data) || used.has(event.data.nonce)) return
    const given = event.ports[0]
    if (!given) return
    used.add(event.data.nonce)
    window.removeEventListener('message', take)
    port = given
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') events.message(data)
    }
    // Chromium fires it when the engine's process ends.
    port.addEventListener('close', () => {
      if (over) return
      over = true
      events.close('The engine ended; nothing that was captured is lost.', false)
    })
    port.start()
    events.open()
  }

  window.addEventListener('message', take)
  window.pushscope?.requestPort()
  return {
    send: (text) => port?.postMessage(text),
    close: () => {
      over = true
      window.removeEventListener('message', take)
      port?.close()
    },
  }
}

function isPortMessage(data: unknown): data is PortMessage {
  if (typeof data !== 'object' || data === null) return false
  const { type, nonce } = data as Partial<PortMessage>
  return type === 'pushscope:port' && typeof nonce === 'string' && nonce !== ''
}
