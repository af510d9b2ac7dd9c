import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible } from '../lab/lab-possible.ts'
import { cases } from './support/cases.ts'
import { type Outcome, runCase, tellOutcomes } from './support/run-case.ts'
import { makeTier, type Tier } from './support/tier.ts'

/**
 * Three database servers, broken in every way, under four writers. For each: nothing acknowledged is lost, never two
 * that accept writes, and whole again without help. `CASES=frozen npm run test:database` runs those that match.
 */
describe.skipIf(!labPossible)('the database tier', () => {
  let tier: Tier
  const outcomes: Outcome[] = []

  beforeAll(async () => {
    tier = await makeTier('tdbfail', 3)
  })
  afterAll(async () => {
    process.stdout.write(`\n${tellOutcomes(outcomes)}\n`)
    await tier?.remove()
  })

  const wanted = new RegExp(process.env['CASES'] ?? '.')
  it.for(cases.filter(({ name }) => wanted.test(name)))('$name', { timeout: 900_000 }, async (one) => {
    const outcome = await runCase(tier, one)
    outcomes.push(outcome)
    expect(outcome.ledger.lost, 'rows that were acknowledged and are gone').toEqual([])
    expect(outcome.roles.twoWriters, 'two servers that accepted writes').toEqual([])
    expect(outcome.wholeAfterSeconds, 'whole again without help').toBeDefined()
    if (one.mostSeconds !== undefined) expect(outcome.secondsWithoutWrite).toBeLessThan(one.mostSeconds)
  })
})
