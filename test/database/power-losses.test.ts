import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab/lab-possible.ts'
import { isWholeAgain, primariesOf } from './support/ask-tier.ts'
import { distributionOf, gapAfter } from './support/distribution.ts'
import { cutPower } from './support/faults.ts'
import { watchRoles } from './support/roles.ts'
import { makeTier, type Tier } from './support/tier.ts'
import { startWriter, until } from './support/writer.ts'

/**
 * The primary's server loses its power, is back, and as soon as the tier is whole the next primary's does. The figures
 * are printed, and written to the file that `FIGURES` names:
 * `LOSSES=100 FIGURES=/tmp/figures.json npx vitest run --project database test/database/power-losses.test.ts`
 */
const losses = Number(process.env['LOSSES'] ?? 3)

describe.skipIf(!labPossible)(`${losses} power losses of the primary in a row${whySkipped}`, () => {
  let tier: Tier

  beforeAll(async () => {
    tier = await makeTier('tdbpower', 3)
  })
  afterAll(async () => {
    await tier?.remove()
  })

  it('lose no acknowledged write', { timeout: (losses + 2) * 300_000 }, async () => {
    await until(() => isWholeAgain(tier), 180, 'not whole at first')
    const roles = await watchRoles(tier)
    const endWriter = await startWriter(tier)
    const strikes: number[] = []
    let stopped: unknown
    try {
      for (let number = 1; number <= losses; number += 1) await loseOne(tier, number, strikes, roles.resume)
    } catch (problem) {
      // What was seen until then is told all the same.
      stopped = problem
    }
    await sleep(1000)
    const ledger = await endWriter()
    const { twoWriters, twoRolesMilliseconds, samples } = await roles.stop()
    const waits = strikes.map((strike, index) => gapAfter(strike, strikes[index + 1] ?? Infinity, ledger.gaps))
    const figures = {
      losses: strikes.length,
      acknowledged: ledger.acknowledged,
      lost: ledger.lost.length,
      secondsWithoutWrite: distributionOf(waits),
      twoWriters,
      samplesOfRoles: samples,
      secondsOfTwoRoles: twoRolesMilliseconds / 1000,
      each: waits.map((wait) => wait / 1000),
      stopped: stopped === undefined ? undefined : messageOf(stopped),
    }
    if (process.env['FIGURES'] !== undefined)
      await writeFile(process.env['FIGURES'], JSON.stringify(figures, undefined, 2))
    print(JSON.stringify(figures))
    const { least, median, most95, most } = figures.secondsWithoutWrite
    print(`seconds without a write: least ${least}, median ${median}, 95 % ${most95}, most ${most}`)
    const isGood = stopped === undefined && ledger.lost.length === 0 && twoWriters.length === 0
    print(
      `${isGood ? 'PASSED' : 'FAILED'}: ${strikes.length} of ${losses} power losses, ${ledger.acknowledged} rows acknowledged, ` +
        `${ledger.lost.length} lost, ${twoWriters.length} writes by two servers${stopped === undefined ? '' : `; ${messageOf(stopped)}`}`,
    )
    expect(stopped).toBeUndefined()
    expect(ledger.lost).toEqual([])
    expect(twoWriters).toEqual([])
  })
})

/** Ends once the tier is whole again. */
async function loseOne(tier: Tier, number: number, strikes: number[], resumeRoles: () => Promise<void>): Promise<void> {
  const [leader = 'none', ...more] = await primariesOf(tier)
  expect(more).toEqual([])
  await sleep(1000)
  const power = cutPower(tier, [leader])
  const strike = Date.now()
  strikes.push(strike)
  await power.strike()
  await until(async () => (await primariesOf(tier)).length > 0, 120, `nobody took over after loss ${number}`)
  await power.heal!()
  await resumeRoles()
  await until(() => isWholeAgain(tier), 300, `not whole after loss ${number}`)
  const seconds = ((Date.now() - strike) / 1000).toFixed(0)
  print(`${number} of ${losses}: ${leader} lost its power; the tier is whole ${seconds} s later`)
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : JSON.stringify(error))
