import { defineConfig } from 'vitest/config'

/** Unit tests sit beside their file. Components are tested end to end, in a real browser. */
export default defineConfig({
  test: {
    include: ['{main,preload,renderer,scripts}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 30_000,
  },
})
