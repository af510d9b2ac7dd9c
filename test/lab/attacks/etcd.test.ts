import { afterAll, describe } from 'vitest'
import { makeTier, type Tier } from '../../database/support/tier.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { describeEtcdAttacks } from '../suites/etcd-attacks.ts'

/** By itself; `npm test` tries the same on its redundant stack. */
describe.skipIf(!labPossible)(`a database tier of three${whySkipped}`, () => {
  let tier: Tier | undefined
  afterAll(() => tier?.remove())

  describeEtcdAttacks(async () => (tier = await makeTier('tetcdattack', 3)))
})
