/** Which technique a handshake is for, so that it can be said which headers it requires. Pure. */
import type { Handshake, Technique } from '../../../../preload/contract/index.ts'

/** What was asked for; else what the exchange itself tells. null when it tells nothing: then nothing is required. */
export function techniqueOf(handshake: Handshake | null): Technique | null {
  if (!handshake) return null
  if (handshake.connect?.technique) return handshake.connect.technique
  if (handshake.accept) return 'websocket'
  const type = handshake.response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return /^\s*text\/event-stream\s*(;|$)/i.test(type) ? 'sse' : null
}
