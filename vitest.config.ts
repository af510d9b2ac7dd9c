import { defineConfig } from 'vitest/config'

/** Unit: beside the source, no server. Daemons: rendered files before the real checkers. Lab: real servers, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'test/house/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'package', include: ['test/package/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'daemons', include: ['test/daemons/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: {
          name: 'lab',
          include: ['test/lab/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
