/**
 * What the headers of realtime protocols mean, a sentence each. Names are lower case.
 * The sentences: headers-realtime.ts (upgrade, WebSocket, events, polling) and headers-web.ts (all the rest).
 */
import { REALTIME_HEADERS } from './headers-realtime.ts'
import { WEB_HEADERS } from './headers-web.ts'
import type { Technique } from './techniques.ts'

export interface HeaderMeaning {
  meaning: string
  /** Where the meaning is given: `RFC 6455 11.3.1`. */
  spec: string
  /** Techniques whose request, or whose answer, must carry it. */
  requiredInRequest?: readonly Technique[]
  requiredInAnswer?: readonly Technique[]
}

export const HEADER_MEANINGS: Readonly<Record<string, HeaderMeaning>> = { ...REALTIME_HEADERS, ...WEB_HEADERS }
