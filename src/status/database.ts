import { type Answers, isObservation } from '../observation/observation.ts'
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
   * `missing` does not answer; `alone` finds no majority; `behind` has a leader, and does not learn what etcd decides.
   */
  readonly state: 'leads' | 'well' | 'behind' | 'alone' | 'missing'
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

type Details = Readonly<Record<string, unknown>>

/** What all the answers say of the database tier together. */
export function databaseStatus(stack: Stack, answers: Answers, leaders: readonly string[]): DatabaseStatus {
  const [leader] = leaders
  const detailsOf = (server: string, component: string): Details | undefined => {
    const answer = answers.get(server)
    return answer === undefined || !isObservation(answer) ? undefined : answer.health.get(component)?.details
  }
  const ofLeader = leader === undefined ? undefined : detailsOf(leader, 'patroni')
  const seen = (ofLeader?.['replicas'] ?? []) as readonly Replica[]
  const members = serversOf(stack, 'database').map(({ name }) =>
    memberOf(
      name,
      detailsOf(name, 'patroni'),
      seen.find((replica) => replica.name === name),
    ),
  )
  const ofEtcd = etcdMembers(stack).map(({ name, tier }) =>
    etcdStateOf(name, tier === 'database', detailsOf(name, 'etcd')),
  )
  const etcdLeader = ofEtcd.find(({ state }) => state === 'leads')?.server
  const timeline = ofLeader?.['timeline']
  return {
    leader,
    leaders,
    ...(typeof timeline === 'number' && { timeline }),
    members,
    etcd: {
      total: ofEtcd.length,
      majority: Math.floor(ofEtcd.length / 2) + 1,
      present: ofEtcd.filter(({ state }) => state === 'leads' || state === 'well').length,
      ...(etcdLeader !== undefined && { leader: etcdLeader }),
      members: ofEtcd,
    },
  }
}

interface Replica {
  readonly name: string
  readonly state: string
  readonly syncState: string
  readonly lagBytes: number | null
  readonly lagSeconds: number | null
}

function memberOf(server: string, details: Details | undefined, seen: Replica | undefined): DatabaseMember {
  if (details === undefined) return { server, role: 'unknown', state: 'does not answer' }
  const isPrimary = details['role'] === 'primary' || details['role'] === 'master'
  const timeline = details['timeline']
  const lagBytes = seen?.lagBytes ?? details['lagBytes']
  return {
    server,
    role: isPrimary ? 'primary' : 'replica',
    state: seen?.state ?? (typeof details['state'] === 'string' ? details['state'] : 'unknown'),
    ...(seen !== undefined && { sync: seen.syncState }),
    ...(!isPrimary && typeof lagBytes === 'number' && { lagBytes }),
    // PostgreSQL measures no delay while nothing is written.
    ...(!isPrimary && seen !== undefined && { lagSeconds: seen.lagSeconds ?? 0 }),
    ...(typeof timeline === 'number' && { timeline }),
  }
}

function etcdStateOf(server: string, holdsData: boolean, details: Details | undefined): EtcdMemberStatus {
  if (details === undefined) return { server, state: 'missing', holdsData }
  if (details['isLeader'] === true) return { server, state: 'leads', holdsData }
  if (details['hasLeader'] === false) return { server, state: 'alone', holdsData }
  return { server, state: details['serves'] === false ? 'behind' : 'well', holdsData }
}
