import type { OpenTransaction } from '../components/component.ts'
import type { DatabaseStatus } from './database.ts'
import { trimaran } from '../speech/suggested-command.ts'

export interface SwitchoverWish {
  /** The server that is to lead; the best replica unless stated. */
  readonly to?: string
  readonly database: DatabaseStatus
  readonly isPaused: boolean
  /** Whether pools pause queries meanwhile: they wait for what is under way, but not for long. */
  readonly isPooled: boolean
  readonly longest?: OpenTransaction
  /** Database servers that were taken out of service: they do not lead. */
  readonly drained?: readonly string[]
}

export type SwitchoverCheck =
  | { readonly from: string; readonly to: string }
  | { readonly refused: string; readonly next: string }

const largestLagBytes = 16 * 1024 ** 2
/** A transaction that is open for longer would be cut off, and its client would have to begin again. */
const longTransactionSeconds = { alone: 30, pooled: 4 }

/** Whether the primary may move now and to whom; each refusal with its reason and what to do about it. */
export function checkSwitchover({
  to,
  database,
  isPaused,
  isPooled,
  longest,
  drained = [],
}: SwitchoverWish): SwitchoverCheck {
  const { leaders, members, etcd } = database
  const [from] = leaders
  if (members.length === 1)
    return refuse('there is one database server, and nobody to hand over to', 'raise `database.servers` to 3')
  if (from === undefined)
    return refuse(
      'no database server leads now',
      `look at ${trimaran('status')}: Patroni is finding a leader, or cannot`,
    )
  if (leaders.length > 1)
    return refuse(`${leaders.join(' and ')} both say that they lead`, `look at ${trimaran('status')} first`)
  if (to === from) return refuse(`${to} leads already`, 'name another server, or none')
  if (to !== undefined && drained.includes(to))
    return refuse(`${to} is drained`, `${trimaran(`undrain ${to}`)} first, or name another server`)
  if (isPaused)
    return refuse(
      'Patroni is paused',
      `resume it: ${trimaran(`exec ${from} -- patronictl -c /etc/patroni/config.yml resume`)}`,
    )
  if (etcd.present < etcd.majority)
    return refuse(
      `${etcd.present} of ${etcd.total} etcd members answer, and ${etcd.majority} are needed`,
      'bring the others back',
    )
  const able = members
    .filter(
      ({ server, role, state }) =>
        server !== from && role === 'replica' && state === 'streaming' && !drained.includes(server),
    )
    .toSorted(
      (a, b) => Number(a.sync === 'async') - Number(b.sync === 'async') || (a.lagBytes ?? 0) - (b.lagBytes ?? 0),
    )
  const candidate = to === undefined ? able[0] : able.find(({ server }) => server === to)
  if (candidate === undefined) {
    const named = members.find(({ server }) => server === to)
    return refuse(
      to === undefined
        ? 'no replica follows the primary'
        : `${to} does not follow the primary (${named?.state ?? 'it is not a database server'})`,
      `look at ${trimaran('status')}, and try again when a replica streams`,
    )
  }
  if ((candidate.lagBytes ?? 0) > largestLagBytes)
    return refuse(
      `${candidate.server} is ${Math.round((candidate.lagBytes ?? 0) / 1024 ** 2)} MB behind`,
      'wait until it has caught up',
    )
  if (longest !== undefined && longest.seconds > longTransactionSeconds[isPooled ? 'pooled' : 'alone'])
    return refuse(
      `a transaction of ${longest.user} has been open for ${longest.seconds} s: ${longest.query}`,
      `wait for it, or end it: ${trimaran(`psql -- -c 'select pg_terminate_backend(${longest.pid})'`)}`,
    )
  return { from, to: candidate.server }
}

const refuse = (refused: string, next: string): SwitchoverCheck => ({ refused, next })
