import { defineConfig } from 'vitest/config'

/**
 * Unit: beside the source, no server. Package: the tarball in an empty folder. Daemons: rendered files before the real
 * checkers. Lab: real servers, one file at a time. Attacks: all that somebody who is in one server tries against the others, for
 * `npm run test:attacks`. Database: every failure of its tier, for `npm run test:database`. Everyday: all that operators do, for
 * `npm run test:everyday`. The last three are too long for every `npm test`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'test/house/*.test.ts',
            'test/lab/support/**/*.test.ts',
            'test/everyday/support/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'package', include: ['test/package/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'daemons', include: ['test/daemons/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: {
          name: 'lab',
          include: ['test/lab/*.test.ts', 'test/lab/attacks/{etcd,operator}.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'attacks',
          include: ['test/lab/attacks/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'everyday',
          include: ['test/everyday/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'database',
          include: ['test/database/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
