import { z } from 'zod'
import { sh, type Shell } from '../../shell/sh.ts'
import { type Server, serversOf, type Stack } from '../../stack/stack.ts'
import { type Drained, isDrained } from '../../stack/stack-state.ts'
import type { ComponentHealth } from '../component.ts'
import { figuresSchema, memberSchema, selfSchema, type PatroniDetails } from './details.ts'
import { askFigures } from './figures.ts'
import { lacksWal } from './follows.ts'
import { restPort } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * The unit's state, then Patroni's answers about itself and all members: one JSON object a line, each after its name.
 */
export function askPatroni(server: Server): Shell {
  const rest = `http://${server.address}:${restPort}`
  return sh`
    systemctl is-active patroni.service || true
    printf 'self %s\n' "$(curl -s -m 1 ${`${rest}/patroni`} | tr -d '\n')"
    printf 'cluster %s\n' "$(curl -s -m 1 ${`${rest}/cluster`} | tr -d '\n')"
    printf 'figures %s\n' "$(${askFigures()})"
    if ${lacksWal(server)}; then echo lacks-wal; fi
    pgrep -x -o postgres || true
  `
}

type Self = z.infer<typeof selfSchema>
type Member = z.infer<typeof memberSchema>
type Figures = z.infer<typeof figuresSchema>

/** Well for a primary that has its replicas and for a replica that streams; `leads` on the primary. */
export function readPatroni(
  answer: string,
  server: Server,
  stack: Pick<Stack, 'servers'>,
  told: Drained,
): ComponentHealth<PatroniDetails> {
  const rows = answer.split('\n').filter((line) => line !== '')
  const said = (name: string) => parseObject(rows.find((row) => row.startsWith(`${name} `))?.slice(name.length + 1))
  const [self, cluster, asked] = [said('self'), said('cluster'), said('figures')]
  if (self === undefined) return notAnswering(rows, server)
  const here: Self = selfSchema.parse(self)
  const figures: Figures = figuresSchema.parse(asked ?? {})
  const members: readonly Member[] = z
    .array(memberSchema)
    .max(100)
    .parse(cluster?.['members'] ?? [])
  const isLeader = here.role === 'primary' || here.role === 'master'
  const me = members.find(({ name }) => name === server.name)
  const details = {
    role: here.role,
    state: here.state,
    timeline: here.timeline,
    lagBytes: isLeader ? 0 : typeof me?.lag === 'number' ? me.lag : undefined,
    isSynchronous: here.sync_standby === true || here.quorum_standby === true,
    pendingRestart: here.pending_restart === true,
    isPaused: here.pause === true,
    replicas: figures.replicas ?? [],
    slots: figures.slots ?? [],
    longestTransaction: figures.longest ?? undefined,
    members: members.map(({ name, role, state, lag }) => ({ name, role, state, lagBytes: lag })),
  }
  const situation = {
    here,
    lacksWal: rows.includes('lacks-wal'),
    members,
    figures,
    isLeader,
    server,
    expected: serversOf(stack, 'database').length,
    able: serversOf(stack, 'database').filter(({ name }) => !isDrained(told, name)).length,
  }
  const worries = rules.flatMap((rule) => rule(situation) ?? [])
  const [worst] = worries
  const notes = worries.map(({ note }) => note).join('; ')
  const state = worst?.state ?? (isDrained(told, server.name) ? 'drained' : 'well')
  return { state, ...(notes !== '' && { note: notes }), isLeader, details }
}

interface Situation {
  readonly here: Self
  /** It needs WAL that its primary no longer has. */
  readonly lacksWal: boolean
  readonly members: readonly Member[]
  readonly figures: Figures
  readonly isLeader: boolean
  readonly server: Server
  readonly expected: number
  /** How many of them are not drained. */
  readonly able: number
}

interface Worry {
  readonly state: 'well' | 'degraded' | 'down'
  readonly note: string
}

/**
 * WAL kept for a replica, above which a note is shown: it fills the disk of the primary, up to max_slot_wal_keep_size.
 */
const muchHeldBytes = 256 * 1024 ** 2

const farBehindBytes = 64 * 1024 ** 2

/** Problems and what to do about them, the worst first. */
const rules: readonly ((situation: Situation) => Worry | undefined)[] = [
  ({ here, server }) =>
    here.state === 'running' || here.state === 'creating replica' || here.state === 'starting'
      ? undefined
      : {
          state: 'down',
          note: `PostgreSQL is ${here.state ?? 'in an unknown state'} → ${trimaran(`logs ${server.name} patroni`)}`,
        },
  ({ here, isLeader }) =>
    !isLeader && here.state === 'creating replica'
      ? { state: 'degraded', note: 'copies the database from the primary, and follows it after that' }
      : undefined,
  ({ here, isLeader }) =>
    !isLeader && here.state === 'starting'
      ? { state: 'degraded', note: 'starts, and replays the WAL that it missed' }
      : undefined,
  ({ here, isLeader, lacksWal, server }) => {
    if (isLeader || here.state !== 'running' || here.replication_state === 'streaming') return undefined
    return {
      state: 'degraded',
      note: lacksWal
        ? `cannot follow the primary, which no longer has the WAL that it needs → ${trimaran('up')} copies the database again`
        : `does not follow the primary → ${trimaran(`logs ${server.name} patroni`)}`,
    }
  },
  ({ here, server }) =>
    here.cluster_unlocked === true
      ? {
          state: 'degraded',
          note: `no database server leads now → ${trimaran(`logs ${server.name} etcd`)} shows whether etcd has a quorum`,
        }
      : undefined,
  ({ here }) =>
    here.failsafe_mode_is_active === true
      ? {
          state: 'degraded',
          note: 'serves without etcd (failsafe mode): another failure would stop it → bring etcd back',
        }
      : undefined,
  ({ members, isLeader, expected, server }) => {
    if (!isLeader || members.length >= expected) return undefined
    const missing = expected - members.length
    return {
      state: 'degraded',
      note: `${missing} of ${expected} database servers ${missing === 1 ? 'has' : 'have'} not joined → ${trimaran('up')} (leads: ${server.name})`,
    }
  },
  ({ here, isLeader, able }) =>
    isLeader &&
    able > 1 &&
    !(here.replication ?? []).some(({ sync_state: kind }) => kind === 'quorum' || kind === 'sync')
      ? {
          state: 'degraded',
          note: 'no replica confirms writes now: if this server fails, the latest writes are lost → bring a replica back',
        }
      : undefined,
  ({ members, isLeader, server }) => {
    const lag = members.find(({ name }) => name === server.name)?.lag
    return isLeader || typeof lag !== 'number' || lag < farBehindBytes
      ? undefined
      : { state: 'degraded', note: `is ${Math.round(lag / 1024 ** 2)} MB behind the primary` }
  },
  ({ figures, isLeader, server }) => {
    const stuck = (figures.slots ?? []).filter(
      ({ active, retainedBytes }) => !active && (retainedBytes ?? 0) > muchHeldBytes,
    )
    if (!isLeader || stuck.length === 0) return undefined
    const held = stuck.map(({ name, retainedBytes }) => `${name} (${Math.round((retainedBytes ?? 0) / 1024 ** 2)} MB)`)
    const drop = `select pg_drop_replication_slot('${stuck[0]!.name}')`
    return {
      state: 'degraded',
      note: `keeps WAL for a replica that does not receive it, ${held.join(', ')} → bring that server back; if it will not return, remove it from the file, or run ${trimaran(`psql -- -c "${drop}"`)} on ${server.name}`,
    }
  },
  ({ figures, isLeader }) => {
    const lost = (figures.slots ?? []).filter(({ walStatus }) => walStatus === 'lost').map(({ name }) => name)
    return !isLeader || lost.length === 0
      ? undefined
      : {
          state: 'degraded',
          note: `no longer has the WAL that ${lost.join(', ')} needs: that server copies the database again when it is back`,
        }
  },
  ({ here }) =>
    here.pause === true
      ? {
          state: 'degraded',
          note: 'Patroni is paused and will not fail over → `patronictl -c /etc/patroni/config.yml resume`',
        }
      : undefined,
  ({ here, expected }) => {
    if (here.pending_restart !== true) return undefined
    const names = Object.keys(here.pending_restart_reason ?? {}).join(', ')
    const moment = expected > 1 ? 'restarts it alone' : 'interrupts writes for some seconds'
    return {
      state: 'well',
      note: `waits for a restart${names && ` to use ${names}`} → ${trimaran('up')} ${moment}`,
    }
  },
]

function notAnswering(rows: readonly string[], { name }: Server): ComponentHealth<PatroniDetails> {
  const unit = rows[0] ?? 'unknown'
  const orphan = /^\d+$/.test(rows.at(-1) ?? '')
  const what = orphan
    ? `patroni.service is ${unit} and does not answer; PostgreSQL runs without it, and gets no connections`
    : `patroni.service is ${unit} and does not answer; PostgreSQL does not run`
  return { state: 'down', note: `${what} → ${trimaran(`logs ${name} patroni`)}` }
}

function parseObject(text = ''): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}
