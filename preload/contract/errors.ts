/** Failures are values: a closed set of codes, a sentence that says what happened, a hint that says what to try. */

export const ERROR_CODES = [
  'bad-argument',
  'bad-url',
  'not-found',
  'not-connected',
  'cannot-send',
  'port-in-use',
  'connection-failed',
  'read-only',
  'engine-gone',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export interface Failure {
  code: ErrorCode
  message: string
  hint: string
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const fail = (code: ErrorCode, message: string, hint = ''): Result<never> => ({
  ok: false,
  error: { code, message, hint },
})
