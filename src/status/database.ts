import type { DatabaseReport, EtcdMemberReport, ReplicaReport } from '../components/component.ts'
import { type Answers, reportOf } from '../observation/observation.ts'
import { serversOf, type Stack, etcdMembers } from '../stack/stack.ts'

/** One database server, as it and the primary see it. */
export interface DatabaseMember {
  readonly server: string
  /** `unknown` where it does not answer. */
  readonly role: 'primary' | 'replica' | 'unknown'
  /** PostgreSQL's state in Patroni's words: `running`, `streaming`, `creating replica`, … */
  readonly state: string
  /** `quorum` and `sync` replicas confirm writes before they are acknowledged, `async` ones do not. */
  readonly sync?: string
  readonly lagBytes?: number
  readonly lagSeconds?: number
  readonly timeline?: number
}

export interface EtcdMemberStatus {
  readonly server: string
  /**
   * `unreachable` does not answer; `alone` finds no majority; `behind` has a leader, and does not learn what etcd decides.
   */
  readonly state: 'leader' | 'well' | 'behind' | 'alone' | 'unreachable'
  /** False on a server that has an etcd member and no copy of the database. */
  readonly holdsData: boolean
}

export interface DatabaseStatus {
  readonly leader: string | undefined
  readonly leaders: readonly string[]
  readonly timeline?: number
  readonly members: readonly DatabaseMember[]
  readonly etcd: {
    readonly total: number
    /** So many must reach each other for a failover to be possible. */
    readonly majority: number
    readonly present: number
    readonly leader?: string
    readonly members: readonly EtcdMemberStatus[]
  }
}

/** What all the answers say of the database tier together. */
export function databaseStatus(stack: Stack, answers: Answers, leaders: readonly string[]): DatabaseStatus {
  const [leader] = leaders
  const ofLeader = leader === undefined ? undefined : reportOf(answers.get(leader), 'database')
  const members = serversOf(stack, 'database').map(({ name }) =>
    memberOf(
      name,
      reportOf(answers.get(name), 'database'),
      ofLeader?.replicas.find((replica) => replica.name === name),
    ),
  )
  const ofEtcd = etcdMembers(stack).map(({ name, tier }) =>
    etcdStateOf(name, tier === 'database', reportOf(answers.get(name), 'etcdMember')),
  )
  const etcdLeader = ofEtcd.find(({ state }) => state === 'leader')?.server
  return {
    leader,
    leaders,
    ...(ofLeader?.timeline !== undefined && { timeline: ofLeader.timeline }),
    members,
    etcd: {
      total: ofEtcd.length,
      majority: ofEtcd.length === 0 ? 0 : Math.floor(ofEtcd.length / 2) + 1,
      present: ofEtcd.filter(({ state }) => state === 'leader' || state === 'well').length,
      ...(etcdLeader !== undefined && { leader: etcdLeader }),
      members: ofEtcd,
    },
  }
}

function memberOf(server: string, report: DatabaseReport | undefined, seen: ReplicaReport | undefined): DatabaseMember {
  if (report === undefined) return { server, role: 'unknown', state: 'does not answer' }
  const { isPrimary, state = 'unknown', timeline } = report
  const lagBytes = seen?.lagBytes ?? report.lagBytes
  return {
    server,
    role: isPrimary ? 'primary' : 'replica',
    state: seen?.state ?? state,
    ...(seen !== undefined && { sync: seen.syncState }),
    ...(!isPrimary && lagBytes !== undefined && { lagBytes }),
    // PostgreSQL measures no delay while nothing is written.
    ...(!isPrimary && seen !== undefined && { lagSeconds: seen.lagSeconds ?? 0 }),
    ...(timeline !== undefined && { timeline }),
  }
}

function etcdStateOf(server: string, holdsData: boolean, report: EtcdMemberReport | undefined): EtcdMemberStatus {
  if (report === undefined) return { server, state: 'unreachable', holdsData }
  if (report.isLeader) return { server, state: 'leader', holdsData }
  if (!report.hasLeader) return { server, state: 'alone', holdsData }
  return { server, state: report.serves ? 'well' : 'behind', holdsData }
}
