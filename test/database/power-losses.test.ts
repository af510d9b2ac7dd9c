import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whyLeftOut } from '../lab/lab-possible.ts'
import { distributionOf, gapAfter } from './support/distribution.ts'
import { cutPower } from './support/faults.ts'
import { watchRoles } from './support/roles.ts'
import { isWhole } from './support/run-case.ts'
import { makeTier, type Tier } from './support/tier.ts'
import { startWriter, until } from './support/writer.ts'

/** The primary's server loses its power, is back, and as soon as the tier is whole the next primary's does. */
const losses = Number(process.env['LOSSES'] ?? 3)

describe.skipIf(!labPossible)(`${losses} power losses of the primary in a row${whyLeftOut}`, () => {
  let tier: Tier

  beforeAll(async () => {
    tier = await makeTier('tdbpower', 3)
  })
  afterAll(async () => {
    await tier?.remove()
  })

  it('lose no acknowledged write', { timeout: (losses + 2) * 180_000 }, async () => {
    await until(() => isWhole(tier), 180, 'not whole at first')
    const roles = await watchRoles(tier)
    const endWriter = await startWriter(tier)
    const strikes: number[] = []
    for (let number = 1; number <= losses; number += 1) {
      await sleep(1000)
      const leader = await tier.leader()
      const power = cutPower(tier, [leader])
      strikes.push(Date.now())
      await power.strike()
      await until(async () => ![leader, undefined].includes(await whoLeads(tier)), 120, 'nobody took over')
      await power.heal!()
      await roles.resume()
      const seconds = await until(() => isWhole(tier), 180, `not whole after loss ${number}`)
      process.stdout.write(
        `${number} of ${losses}: ${leader} lost its power; whole ${seconds.toFixed(0)} s after it was back\n`,
      )
    }
    await sleep(1000)
    const ledger = await endWriter()
    const { twoWriters } = await roles.stop()
    const waits = strikes.map((strike, index) => gapAfter(strike, strikes[index + 1] ?? Infinity, ledger.gaps))
    const { least, median, most95, most } = distributionOf(waits)
    process.stdout.write(
      `${losses} power losses of the primary: ${ledger.acknowledged} rows acknowledged, ${ledger.lost.length} lost; ` +
        `seconds without a write: least ${least}, median ${median}, 95 % ${most95}, most ${most}\n` +
        `each: ${waits.map((wait) => (wait / 1000).toFixed(2)).join(' ')}\n`,
    )
    expect(ledger.lost).toEqual([])
    expect(twoWriters).toEqual([])
  })
})

const whoLeads = (tier: Tier): Promise<string | undefined> => tier.leader().catch(() => undefined)
