/** What the headers of realtime protocols mean, a sentence each. Names are lower case. */
import type { Technique } from './techniques.ts'

export interface HeaderMeaning {
  meaning: string
  /** Where the meaning is given: `RFC 6455 11.3.1`. */
  spec: string
  /** Techniques whose request, or whose answer, must carry it. */
  requiredInRequest?: readonly Technique[]
  requiredInAnswer?: readonly Technique[]
}

export const HEADER_MEANINGS: Readonly<Record<string, HeaderMeaning>> = {
  host: {
    meaning: 'The host and port that the client wants to reach.',
    spec: 'RFC 9110 7.2',
    requiredInRequest: ['websocket', 'sse', 'polling', 'long-polling', 'iframe-stream'],
  },
}
