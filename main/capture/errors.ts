/** What can go wrong with a capture file, as an error with a code of the contract. */
import type { ErrorCode } from '../../preload/contract/index.ts'

export interface CaptureError extends Error {
  readonly code: ErrorCode
}

export function captureError(code: ErrorCode, message: string, cause?: unknown): CaptureError {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code })
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
