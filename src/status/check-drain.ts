import type { Server } from '../stack/stack.ts'
import { tiers } from '../stack/tiers.ts'
import type { DatabaseStatus } from './database.ts'
import type { SwitchoverCheck } from './check-switchover.ts'
import type { ServerStatus, StatusReport } from './summarise.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface DrainWish {
  readonly server: Pick<Server, 'name' | 'tier'>
  readonly report: Pick<StatusReport, 'servers' | 'database'>
  /** Whether the database's primary may move; only looked at where it is the one to be drained. */
  readonly switchover: () => SwitchoverCheck
  /** The operator accepts that visitors will notice. */
  readonly anyway: boolean
}

export interface Refused {
  readonly refused: string
  readonly next: string
}

export type DrainCheck = Refused | { readonly notes: readonly string[] }

/** Whether a server may be taken out of service now: the reason where not, else warnings about the rest. */
export function checkDrain(wish: DrainWish): DrainCheck {
  const situation = situationOf(wish)
  const { own, server } = situation
  // A server that does not serve may always be drained.
  if (own.state === 'drained' || own.state === 'down' || own.state === 'unknown') return { notes: [] }
  const rule = rules.find(({ bears, holds }) => (!wish.anyway || bears === 'nothing') && holds(situation))
  if (rule !== undefined) return rule.refusal(situation)
  if (wish.report.database.leader === server.name) {
    const outcome = wish.switchover()
    if ('refused' in outcome) return outcome
  }
  return { notes: [...formatRest(situation), ...formatEtcd(situation)] }
}

interface Situation {
  readonly server: Pick<Server, 'name' | 'tier'>
  readonly own: ServerStatus
  /** The others of its tier. */
  readonly others: readonly ServerStatus[]
  /** Those of them that serve. */
  readonly serving: readonly ServerStatus[]
  readonly unwell: readonly ServerStatus[]
  readonly etcd: DatabaseStatus['etcd']
  readonly membersWithout: number
}

function situationOf({ server, report }: DrainWish): Situation {
  const { etcd } = report.database
  const others = report.servers.filter(({ tier, name }) => tier === server.tier && name !== server.name)
  const isPresent = etcd.members.some(
    (member) => member.server === server.name && (member.state === 'leader' || member.state === 'well'),
  )
  return {
    server,
    own: report.servers.find(({ name }) => name === server.name)!,
    others,
    serving: others.filter(({ state }) => state === 'well' || state === 'degraded'),
    unwell: others.filter(({ state }) => state !== 'well' && state !== 'drained'),
    etcd,
    membersWithout: etcd.present - Number(isPresent),
  }
}

interface Rule {
  /** Refusals that `--anyway` does not lift: no server would be left for the work. */
  readonly bears: 'anyway' | 'nothing'
  readonly holds: (situation: Situation) => boolean
  readonly refusal: (situation: Situation) => Refused
}

const rules: readonly Rule[] = [
  {
    bears: 'nothing',
    holds: ({ server, serving }) => server.tier === 'database' && serving.length === 0,
    refusal: ({ server, others }) => ({
      refused: `no other database server could lead in place of ${server.name}${formatStates(others)}`,
      next: others.length === 0 ? 'raise `database.servers` to 3' : remedy(others),
    }),
  },
  {
    bears: 'anyway',
    holds: ({ serving }) => serving.length === 0,
    refusal: ({ server, others }) => ({
      refused: `${server.name} is the only ${server.tier} server that serves${formatStates(others)}: ${tiers[server.tier].loss}`,
      next: `${others.length === 0 ? `raise \`${server.tier}.servers\`` : remedy(others)}; or add \`--anyway\``,
    }),
  },
  {
    bears: 'anyway',
    holds: ({ unwell }) => unwell.length > 0,
    refusal: ({ server, unwell }) => ({
      refused: `the rest of the tier is not well${formatStates(unwell)}: ${server.name} may be needed`,
      next: `${remedy(unwell)}; or add \`--anyway\``,
    }),
  },
  {
    bears: 'anyway',
    holds: ({ own, etcd, membersWithout }) =>
      etcd.members.some(({ server }) => server === own.name) && membersWithout < etcd.majority,
    refusal: ({ server, etcd, membersWithout }) => ({
      refused: `once ${server.name} is off, ${membersWithout} of ${etcd.total} etcd members are left and ${etcd.majority} are needed: the database would lose its leader`,
      next: `bring back ${nameMissing(etcd)} first; or add \`--anyway\`, and do not switch ${server.name} off`,
    }),
  },
]

/** ` (web-2 is drained, web-3 is down)` */
const formatStates = (servers: readonly ServerStatus[]): string =>
  servers.length === 0 ? '' : ` (${servers.map(({ name, state }) => `${name} is ${state}`).join(', ')})`

const remedy = (servers: readonly ServerStatus[]): string => {
  const drained = servers.find(({ state }) => state === 'drained')
  const ailing = servers.filter(({ state }) => state !== 'drained').map(({ name }) => name)
  return ailing.length > 0
    ? `fix ${ailing.join(' and ')} first: ${trimaran('status')} says what is wrong`
    : `${trimaran(`undrain ${drained?.name}`)} first`
}

const nameMissing = ({ members }: DatabaseStatus['etcd']): string =>
  members
    .filter(({ state }) => state !== 'leader' && state !== 'well')
    .map(({ server }) => server)
    .join(' and ')

function formatRest({ server, serving }: Situation): readonly string[] {
  const [only] = serving
  if (only === undefined) return [`no ${server.tier} server serves any more: ${tiers[server.tier].loss}`]
  if (serving.length > 1) return []
  return server.tier === 'database'
    ? [`${only.name} is alone in the meantime: no server could take over from it, and no replica confirms its writes`]
    : [`${only.name} serves alone in the meantime`]
}

function formatEtcd({ own, etcd, membersWithout }: Situation): readonly string[] {
  if (!etcd.members.some(({ server }) => server === own.name)) return []
  const spare = membersWithout - etcd.majority
  return [
    `while it is off, ${membersWithout} of ${etcd.total} etcd members are left and ${etcd.majority} are needed: ${spare > 0 ? `${spare} more may fail` : 'no other may fail'}`,
  ]
}
