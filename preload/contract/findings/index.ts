/** The one table of findings: every diagnosis Pushscope can give, by id. */
import { HTTP_FINDINGS } from './http.ts'
import { IFRAME_FINDINGS } from './iframe.ts'
import { SESSION_FINDINGS } from './session.ts'
import type { FindingText } from './severity.ts'
import { SSE_FINDINGS } from './sse.ts'
import { WEBSOCKET_FINDINGS } from './websocket.ts'

export { SEVERITIES, type FindingText, type Severity } from './severity.ts'

const TABLE = {
  ...WEBSOCKET_FINDINGS,
  ...HTTP_FINDINGS,
  ...SSE_FINDINGS,
  ...IFRAME_FINDINGS,
  ...SESSION_FINDINGS,
} as const

export type FindingId = keyof typeof TABLE

export const FINDINGS: Readonly<Record<FindingId, FindingText>> = TABLE
