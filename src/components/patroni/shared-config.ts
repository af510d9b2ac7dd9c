import { serversOf, type Stack } from '../../stack/stack.ts'
import type { Entry } from './yaml.ts'

/**
 * What Patroni keeps in etcd for all database servers: how fast it reacts, and what it may do by itself. With one
 * server there is nobody to hand over to, so it waits for that server instead.
 */
export function sharedConfig(stack: Pick<Stack, 'servers'>): readonly Entry[] {
  const isAlone = serversOf(stack, 'database').length === 1
  return [
    ...reaction,
    ...(isAlone ? alone : several),
    {
      name: 'failsafe_mode',
      value: true,
      why: 'Without any etcd member left, a primary that reaches all other servers goes on serving.',
    },
    { name: 'check_timeline', value: true, why: 'A server whose history forked off is never promoted.' },
    { name: 'maximum_lag_on_failover', value: 1024 ** 2, why: 'In bytes: a replica further behind is not promoted.' },
  ]
}

const reaction: readonly Entry[] = [
  {
    name: 'ttl',
    value: 20,
    why: 'Seconds without a sign of life until the leader is demoted; Patroni allows no less.',
  },
  { name: 'loop_wait', value: 2, why: 'Seconds between two looks at PostgreSQL and at etcd.' },
  { name: 'retry_timeout', value: 3, why: 'Seconds for which etcd or PostgreSQL may be silent before it counts.' },
]

const alone: readonly Entry[] = [
  {
    name: 'primary_start_timeout',
    value: 300,
    why: 'There is nobody to hand over to: a crashed PostgreSQL gets the time to recover.',
  },
  { name: 'synchronous_mode', value: false, why: 'There is nobody to wait for.' },
  { name: 'member_slots_ttl', value: 0, why: 'Nothing is kept for servers that left.' },
]

const several: readonly Entry[] = [
  {
    name: 'primary_start_timeout',
    value: 0,
    why: 'A crashed PostgreSQL is not waited for: another server takes over at once.',
  },
  {
    name: 'primary_stop_timeout',
    value: 20,
    why: 'Seconds for an orderly stop; then it is ended, and nothing acknowledged is lost, since a replica has it.',
  },
  {
    name: 'synchronous_mode',
    value: 'quorum',
    why: 'A write is acknowledged once a replica has it too: it survives the loss of any one server.',
  },
  { name: 'synchronous_node_count', value: 1 },
]
