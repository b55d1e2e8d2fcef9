/**
 * How long the tests on random bytes run: 1 for each change, more bytes for more with `PUSHSCOPE_FUZZ=20` and the like.
 * Each of them covers more than a million bytes at 1. The time that a test may take grows alike (vitest.config.ts).
 * For tests alone.
 */
export const FUZZ = Math.max(1, Number(process.env['PUSHSCOPE_FUZZ'] ?? 1) || 1)

/** Bytes that a suite must have covered. */
export const FUZZ_BYTES = 1_000_000 * FUZZ
