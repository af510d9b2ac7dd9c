import { describe, expect, it } from 'vitest'
import { isWhole } from '../database/support/run-case.ts'
import { openTier } from '../database/support/tier.ts'
import { until } from '../database/support/writer.ts'
import { labPossible, whySkipped } from './lab-possible.ts'
import { makeRedundant, useLabStack } from './support/lab-stack.ts'
import { lostWrites } from './support/load/lost-writes.ts'
import { startLoad } from './support/load/start-load.ts'
import { differencesFromLinks } from './support/open-ports.ts'
import { describeDrains } from './suites/drain.ts'
import { describeEtcdAttacks } from './suites/etcd-attacks.ts'

/** Nine servers, any one of which may be taken away. The steps build on one another, in this order. */
describe.skipIf(!labPossible)(`a stack without a single point of failure${whySkipped}`, () => {
  const stack = useLabStack('tredundant', makeRedundant)
  const tier = () => openTier(stack.project)

  it('has nothing to do the second time', stack.expectNothingToDo)

  it('lets others reach what its links name, and nothing else', async () => {
    expect(await differencesFromLinks(stack.project)).toEqual([])
  })

  describeDrains(stack)

  it('loses no acknowledged write when the primary loses its power, and is whole again by itself', async () => {
    const whole = await tier()
    await until(() => isWhole(whole), 120, 'not whole before')
    const former = await whole.leader()
    const load = await startLoad({ url: stack.url, rate: 20 })
    await stack.power('off', former)
    await until(
      async () => ![former, undefined].includes((await stack.status()).database.leader),
      60,
      'nobody took over',
    )
    await until(
      () =>
        fetch(`${stack.url}/api/entries`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60,
      'no answer',
    )
    const report = await load.stop()
    process.stdout.write(`power loss of the primary: ${report.sentence}\n`)
    expect(report.wrong).toBe(0)
    expect(await lostWrites(stack.project, report)).toEqual([])
    await stack.power('on', former)
    await until(() => isWhole(whole), 120, 'not whole again')
    await stack.run('up')
    await stack.expectNothingToDo()
  })

  describeEtcdAttacks(tier)
})
