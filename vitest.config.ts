import { defineConfig } from 'vitest/config'

/** Unit tests sit beside their file. Components are tested end to end, in a real browser. */
export default defineConfig({
  test: {
    include: ['{main,preload,renderer,scripts}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // the tests on random bytes run as many times as long (main/protocol/testing/fuzz.ts)
    testTimeout: 30_000 * Math.max(1, Number(process.env['PUSHSCOPE_FUZZ'] ?? 1) || 1),
  },
})
