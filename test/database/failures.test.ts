import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab/lab-possible.ts'
import { cases, diskCases, poolCases } from './support/cases.ts'
import { type Case, type Outcome, runCase, formatOutcomes } from './support/run-case.ts'
import { makeTier, type Tier, type TierOptions } from './support/tier.ts'

/**
 * Three database servers, broken in every way, under four writers. For each: nothing acknowledged is lost, never two
 * that accept writes, and whole again without help. `CASES=frozen npm run test:database` runs those that match.
 */
breakTier('the database tier', 'tdbfail', cases, {})
breakTier('the database tier on small disks', 'tdbdisk', diskCases, { diskMegabytes: 400 })
breakTier('the database tier behind a pool', 'tdbpool', poolCases, { isPooled: true })

function breakTier(title: string, lab: string, all: readonly Case[], options: TierOptions): void {
  const wanted = new RegExp(process.env['CASES'] ?? '.')
  const chosen = all.filter(({ name }) => wanted.test(name))
  describe.skipIf(!labPossible || chosen.length === 0)(`${title}${whySkipped}`, () => {
    let tier: Tier
    const outcomes: Outcome[] = []

    beforeAll(async () => {
      tier = await makeTier(lab, 3, options)
    })
    afterAll(async () => {
      process.stdout.write(`\n${formatOutcomes(outcomes)}\n`)
      await tier?.remove()
    })

    it.for(chosen)('$name', { timeout: 900_000 }, async (one) => {
      const outcome = await runCase(tier, one)
      outcomes.push(outcome)
      process.stdout.write(`\n${formatOutcomes([outcome])}\n`)
      expect(outcome.ledger.lost, 'rows that were acknowledged and are gone').toEqual([])
      expect(outcome.roles.twoWriters, 'two servers that accepted writes').toEqual([])
      if (one.failsNoQuery === true) expect(outcome.ledger.errors, 'errors that writers saw').toEqual({})
      expect(outcome.wholeAfterSeconds, 'whole again without help').toBeDefined()
      if (one.mostSeconds !== undefined) expect(outcome.secondsWithoutWrite).toBeLessThan(one.mostSeconds)
    })
  })
}
