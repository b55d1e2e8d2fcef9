import { defineConfig } from 'vitest/config'
import { ROOT } from '../../child.ts'

/** The packages, made once from a stand-in of Electron and looked at. */
export default defineConfig({
  root: ROOT,
  test: {
    include: ['scripts/packaging/check/*.check.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: 'scripts/packaging/check/setup.ts',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
