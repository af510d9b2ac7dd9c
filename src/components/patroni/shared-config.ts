import { serversOf, type Stack } from '../../stack/stack.ts'
import type { Entry } from './yaml.ts'

/**
 * Patroni's settings in etcd for all database servers: timeouts and failover rules. With one server there is no
 * failover, so Patroni waits for that server to recover.
 */
export function sharedConfig(stack: Pick<Stack, 'servers'>): readonly Entry[] {
  const isAlone = serversOf(stack, 'database').length === 1
  return [
    ...reaction,
    ...(isAlone ? alone : several),
    {
      name: 'failsafe_mode',
      value: true,
      why: 'If all etcd members are lost, a primary that reaches all other servers goes on.',
    },
    { name: 'check_timeline', value: true, why: 'A server with a diverged history is never promoted.' },
    { name: 'maximum_lag_on_failover', value: 1024 ** 2, why: 'In bytes: a replica further behind is not promoted.' },
  ]
}

const reaction: readonly Entry[] = [
  {
    name: 'ttl',
    value: 20,
    why: 'Seconds until a leader that does not renew its key is demoted; Patroni allows no less.',
  },
  { name: 'loop_wait', value: 2, why: 'Seconds between two checks of PostgreSQL and etcd.' },
  { name: 'retry_timeout', value: 3, why: 'Seconds for which failed requests to etcd or PostgreSQL are retried.' },
]

const alone: readonly Entry[] = [
  {
    name: 'primary_start_timeout',
    value: 300,
    why: 'There is no other server: a crashed PostgreSQL gets the time to recover.',
  },
  { name: 'synchronous_mode', value: false, why: 'There is no replica to wait for.' },
  { name: 'member_slots_ttl', value: 0, why: 'No WAL is kept for removed servers.' },
]

const several: readonly Entry[] = [
  {
    name: 'primary_start_timeout',
    value: 0,
    why: 'After a crash of PostgreSQL another server takes over at once.',
  },
  {
    name: 'primary_stop_timeout',
    value: 20,
    why: 'Seconds for a clean stop; then PostgreSQL is killed. No acknowledged write is lost, since a replica has it.',
  },
  {
    name: 'synchronous_mode',
    value: 'quorum',
    why: 'A write is acknowledged once a replica has it: it survives the loss of any one server.',
  },
  { name: 'synchronous_node_count', value: 1 },
]
