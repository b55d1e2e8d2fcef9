/**
 * The forever frame as a page does it: an iframe whose document never ends, one script a message.
 * The frame is sandboxed without `allow-same-origin`, so its scripts run in an origin of their own: `postMessage`
 * reaches us, a call of a function of ours does not, and what is written into the frame's document stays there.
 */
import { fail } from '../../preload/contract/index.ts'
import { serverState } from '../state/servers.ts'
import type { StartClient } from './client.ts'

const SILENT: Readonly<Record<string, string>> = {
  parent:
    'The server calls a function of the parent page. The frame is sandboxed into another origin, so the browser throws a SecurityError inside it and this page hears nothing. Take ?dialect=parent out of the URL, and it does.',
  write:
    'The server writes into the document of the frame. Nothing tells the page around it; it would have to look, and the sandbox forbids that. Choose the dialect postmessage in the server’s controls, and this page hears it.',
}

/**
 * The dialect to ask for. `parent` is what the server speaks unless told otherwise and what a sandbox keeps from us, so
 * it is only had by writing it into the URL; `write` is nobody's default: who chose it wants to see it.
 */
function dialectFor(url: URL, control: string): { dialect: string; href: string } {
  const asked = url.searchParams.get('dialect')
  if (asked !== null || control === 'write') return { dialect: asked ?? control, href: url.href }
  url.searchParams.set('dialect', 'postmessage')
  return { dialect: 'postmessage', href: url.href }
}

export const startIframeStream: StartClient = ({ server, url }, report) => {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.title = 'Iframe stream'
  frame.hidden = true
  frame.referrerPolicy = 'no-referrer'

  const hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source !== frame.contentWindow) return
    report('message', { text: `origin ${origin}`, data: asText(data) })
  }
  window.addEventListener('message', hear)
  frame.addEventListener('load', () => report('load', { text: 'The document ended; a stream never should.' }))
  const control = String(serverState(server)?.controls['dialect'] ?? '')
  const { dialect, href } = dialectFor(new URL(url), control)
  frame.src = href
  document.body.append(frame)
  report('src', { text: `<iframe sandbox="allow-scripts" src="${href}">` })
  const silence = SILENT[dialect]
  if (silence !== undefined) report('note', { text: silence })

  return {
    send: () => fail('cannot-send', 'An iframe stream goes one way: the page cannot send on it.'),
    async close() {
      window.removeEventListener('message', hear)
      frame.remove()
      report('removed', { text: 'The page removed the frame.' })
    },
  }
}

function asText(data: unknown): string {
  if (typeof data === 'string') return data
  try {
    return JSON.stringify(data) ?? String(data)
  } catch {
    return String(data)
  }
}
