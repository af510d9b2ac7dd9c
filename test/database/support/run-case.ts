import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import { type Roles, watchRoles } from './roles.ts'
import { databasesOf, type Tier } from './tier.ts'
import { type Ledger, startWriter, until } from './writer.ts'

export interface Case {
  readonly name: string
  /** The fault, once it is known who leads. */
  readonly fault: (tier: Tier, leader: string) => Fault
  readonly holdSeconds: number
  /** The longest that writes may wait, measured by the writer; not checked unless stated. */
  readonly mostSeconds?: number
  /** Whether the writers may see no error at all. */
  readonly failsNoQuery?: boolean
}

export interface Outcome {
  readonly name: string
  readonly secondsWithoutWrite: number
  readonly ledger: Ledger
  readonly roles: Roles
  /** After the fault was healed, or struck where nothing heals it; absent where it did not become whole by itself. */
  readonly wholeAfterSeconds: number | undefined
}

/** One case: writers at work, every role sampled, the fault, its end, and whether the tier is whole without help. */
export async function runCase(tier: Tier, { name, fault, holdSeconds }: Case): Promise<Outcome> {
  await until(() => isWhole(tier), 180, `the tier was not whole before “${name}”`)
  const roles = await watchRoles(tier)
  const endWriter = await startWriter(tier)
  await sleep(3000)
  const { strike, heal } = fault(tier, await tier.leader())
  await strike()
  await sleep(holdSeconds * 1000)
  await heal?.()
  await roles.resume()
  const wholeAfterSeconds = await until(() => isWhole(tier), 180, 'not whole').catch(() => undefined)
  await sleep(2000)
  const ledger = await endWriter()
  const secondsWithoutWrite = (ledger.longest[0]?.milliseconds ?? Infinity) / 1000
  return { name, secondsWithoutWrite, ledger, roles: await roles.stop(), wholeAfterSeconds }
}

/** One primary, all others follow it and confirm its writes, every etcd member is there. */
export async function isWhole(tier: Tier): Promise<boolean> {
  const { database } = await tier.status()
  const { leaders, members, etcd } = database
  const followers = members.filter(
    ({ role, state, sync }) => role === 'replica' && state === 'streaming' && sync !== 'async',
  )
  return leaders.length === 1 && followers.length === databasesOf(tier).length - 1 && etcd.present === etcd.total
}

/** The table that the suite prints, a row as each case is done, and the whole at its end. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, secondsWithoutWrite, ledger, roles, wholeAfterSeconds }) => [
    name,
    secondsWithoutWrite.toFixed(1),
    String(ledger.acknowledged),
    String(ledger.lost.length),
    String(Object.values(ledger.errors).reduce((sum, count) => sum + count, 0)),
    roles.twoWriters.length === 0 ? 'never' : roles.twoWriters.join('; '),
    (roles.twoRolesMilliseconds / 1000).toFixed(1),
    wholeAfterSeconds === undefined ? 'NOT' : wholeAfterSeconds.toFixed(0),
  ])
  const head = [
    'case',
    's without a write',
    'acknowledged',
    'lost',
    'errors',
    'two writers',
    's of two roles',
    'whole after s',
  ]
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]!.length)))
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n')
}
