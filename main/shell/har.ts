/**
 * What an HTTP archive can give us: the realtime endpoints that it lists. An archive keeps no bytes of the wire, so its
 * traffic is not shown as if it were a capture. http://www.softwareishard.com/blog/har-12-spec/
 */
import { checkUrl } from './wishes.ts'

const MOST_ENTRIES = 200_000
const MOST_ENDPOINTS = 100

/** URLs of WebSockets and event streams, each once, as listed; null when the text is no archive. */
export function realtimeEndpoints(text: string): string[] | null {
  let archive: unknown
  try {
    archive = JSON.parse(text)
  } catch {
    return null
  }
  const entries = at(at(archive, 'log'), 'entries')
  if (!Array.isArray(entries)) return null
  const found = new Set<string>()
  for (const entry of entries.slice(0, MOST_ENTRIES) as unknown[]) {
    if (found.size === MOST_ENDPOINTS) break
    const url = endpointOf(entry)
    if (url !== null) found.add(url)
  }
  return [...found]
}

function endpointOf(entry: unknown): string | null {
  const url = at(at(entry, 'request'), 'url')
  if (typeof url !== 'string') return null
  const response = at(entry, 'response')
  const type = at(at(response, 'content'), 'mimeType')
  // Chromium names the kind of resource; Firefox lists a WebSocket as https with the answer 101.
  const socket =
    /^wss?:/i.test(url) || at(entry, '_resourceType') === 'websocket' || Array.isArray(at(entry, '_webSocketMessages'))
  if (socket || at(response, 'status') === 101) return checkUrl(url.replace(/^http/i, 'ws'))
  const stream = at(entry, '_resourceType') === 'eventsource' || /^text\/event-stream\b/i.test(String(type))
  return stream ? checkUrl(url) : null
}

/** Own members only: an archive is anybody's. */
const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
