import { type Link, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import { clientPort, peerPort } from '../etcd/index.ts'
import { postgresPort, restPort } from '../patroni/index.ts'

/** Observers use ports on which Patroni and etcd listen already. */
export function linksOfObservers(stack: Pick<Stack, 'servers'>): readonly Link[] {
  if (serversOf(stack, 'database').length < 2) return []
  const auxiliaries = etcdMembers(stack).filter(({ tier }) => tier !== 'database')
  return [
    { from: 'database', to: 'database', ...probe, component: 'etcd', ports: [clientPort] },
    { from: 'database', to: 'database', ...probe, component: 'patroni', ports: [postgresPort], isNarrowed: true },
    { from: 'database', to: 'database', ...probe, component: 'patroni', ports: [restPort] },
    ...auxiliaries.flatMap(({ name, tier }): readonly Link[] => [
      { from: 'database', to: tier, acceptedBy: [name], ...probe, component: 'etcd', ports: [clientPort] },
      { from: tier, to: 'database', openedBy: [name], ...probe, component: 'etcd', ports: [clientPort, peerPort] },
    ]),
  ]
}

const probe = { protocol: 'tcp', why: 'observers probe whether the server is alive' } as const
