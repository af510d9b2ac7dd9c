import { type Link, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import { clientPort, peerPort } from '../etcd/index.ts'
import { postgresPort, restPort } from '../patroni/index.ts'

/** Observers ask and knock at what Patroni and etcd listen on already. */
export function linksOfObservers(stack: Pick<Stack, 'servers'>): readonly Link[] {
  if (serversOf(stack, 'database').length < 2) return []
  const auxiliaries = etcdMembers(stack).filter(({ tier }) => tier !== 'database')
  return [
    { from: 'database', to: 'database', ...knock, component: 'etcd', ports: [clientPort] },
    { from: 'database', to: 'database', ...knock, component: 'patroni', ports: [postgresPort, restPort] },
    ...auxiliaries.flatMap(({ name, tier }): readonly Link[] => [
      { from: 'database', to: tier, acceptedBy: [name], ...knock, component: 'etcd', ports: [clientPort] },
      { from: tier, to: 'database', openedBy: [name], ...knock, component: 'etcd', ports: [clientPort, peerPort] },
    ]),
  ]
}

const knock = { protocol: 'tcp', why: 'observers knock to learn whether the server lives' } as const
