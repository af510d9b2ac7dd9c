import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take long begin first, so that two at a time end together; the others in vitest's own order. */
const longestFirst = ['test/lab/redundant.test.ts', 'test/lab/stack.test.ts', 'test/lab/trouble.test.ts']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longestFirst.findIndex((file) => moduleId.endsWith(file))
      return found === -1 ? longestFirst.length : found
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

/** Tests that set up servers take minutes, and a busy machine takes longer. */
const onServers = { testTimeout: 300_000, hookTimeout: 600_000 }
const untilTheyAreDone = { testTimeout: 900_000, hookTimeout: 600_000 }

/** What each project proves, what it costs, and which command runs it: `docs/testing.md`. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one core to itself, and so half of the two that we have.
    maxWorkers: '100%',
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
          // A process of its own for each file costs more than all tests together; `leave-as-found` keeps files apart.
          pool: 'threads',
          isolate: false,
          setupFiles: ['test/support/leave-as-found.ts'],
        },
      },
      { test: { name: 'package', include: ['test/package/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'daemons', include: ['test/daemons/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: { name: 'ssh', include: ['test/ssh/*.test.ts'], ...onServers, fileParallelism: false },
      },
      // One lab at a time: two on two cores starve keepalived, and an address that moves costs requests.
      {
        test: { name: 'lab', include: ['test/lab/*.test.ts'], ...onServers, fileParallelism: false },
      },
      {
        test: { name: 'nightly', include: ['test/lab/nightly/*.test.ts'], ...onServers, fileParallelism: false },
      },
      {
        test: { name: 'attacks', include: ['test/lab/attacks/*.test.ts'], ...onServers, fileParallelism: false },
      },
      {
        test: { name: 'everyday', include: ['test/everyday/*.test.ts'], ...untilTheyAreDone, fileParallelism: false },
      },
      {
        test: { name: 'database', include: ['test/database/*.test.ts'], ...untilTheyAreDone, fileParallelism: false },
      },
    ],
  },
})
