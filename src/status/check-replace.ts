import type { Server } from '../stack/stack.ts'
import type { Refused } from './check-drain.ts'
import type { StatusReport } from './summarise.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface ReplaceWish {
  readonly server: Pick<Server, 'name' | 'tier'>
  readonly report: Pick<StatusReport, 'servers' | 'database'>
  /** The machine that has the place answers, and this stack is placed on it. */
  readonly isAlive: boolean
  /** Neighbours that still reach a machine which does not answer this computer. */
  readonly heardBy: readonly string[]
  /** The operator accepts that data is lost, or may be lost. */
  readonly anyway: boolean
}

/** Whether a server's place may go to another machine now; the reason where not. */
export function checkReplace(wish: ReplaceWish): Refused | undefined {
  return rules.find(({ bears, holds }) => (!wish.anyway || bears === 'nothing') && holds(wish))?.refusal(wish)
}

interface Rule {
  readonly bears: 'anyway' | 'nothing'
  readonly holds: (wish: ReplaceWish) => boolean
  readonly refusal: (wish: ReplaceWish) => Refused
}

const isAlone = ({ server, report }: ReplaceWish): boolean =>
  report.servers.filter(({ tier }) => tier === server.tier).length === 1

const rules: readonly Rule[] = [
  {
    bears: 'nothing',
    holds: ({ heardBy }) => heardBy.length > 0,
    refusal: ({ server: { name }, heardBy }) => ({
      refused: `it does not answer this computer, but ${heardBy.join(', ')} ${heardBy.length === 1 ? 'reaches' : 'reach'} it: two machines would act as ${name}`,
      next: `switch it off, or fix the connection to it, then ${trimaran(`replace ${name}`)} again`,
    }),
  },
  {
    bears: 'nothing',
    holds: (wish) => wish.isAlive && isAlone(wish),
    refusal: ({ server: { name, tier } }) => ({
      refused: `${name} is the only ${tier} server, and it is alive: it would have to go before another one comes`,
      next: `raise \`${tier}.servers\` first; or switch ${name} off, if its data is not needed`,
    }),
  },
  {
    bears: 'anyway',
    holds: (wish) => wish.server.tier === 'database' && isAlone(wish),
    refusal: ({ server: { name } }) => ({
      refused: `${name} has the only copy of the data, and a new server begins with none`,
      next: `bring ${name} back, or add \`--anyway\` and restore a backup afterwards`,
    }),
  },
  {
    bears: 'anyway',
    holds: ({ server, report }) => server.tier === 'database' && report.database.leader === undefined,
    refusal: ({ server: { name } }) => ({
      refused: `nobody leads the database: a new ${name} would have nobody to copy from`,
      next: `put the other database servers right first: ${trimaran('status')} says what is wrong`,
    }),
  },
]
