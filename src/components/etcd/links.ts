import { type Link, type Stack, etcdMembers } from '../../stack/stack.ts'
import { clientPort, peerPort } from './ports.ts'

/** The connections to etcd: between database servers, and with an etcd member on another server. */
export function linksOfMembers(stack: Pick<Stack, 'servers'>): readonly Link[] {
  const auxiliaries = etcdMembers(stack).filter(({ tier }) => tier !== 'database')
  return [
    ...linksBetween({ from: 'database', to: 'database' }, 'Patroni asks etcd who leads'),
    ...auxiliaries.flatMap(({ name, tier }) => [
      ...linksBetween({ from: 'database', to: tier, acceptedBy: [name] }, 'Patroni asks etcd who leads'),
      ...linksBetween({ from: tier, to: 'database', openedBy: [name] }, 'a new etcd member asks the others to add it'),
    ]),
  ]
}

function linksBetween(ends: Pick<Link, 'from' | 'to' | 'openedBy' | 'acceptedBy'>, why: string): readonly Link[] {
  const both = { ...ends, component: 'etcd', protocol: 'tcp' } as const
  return [
    { ...both, ports: [clientPort], why },
    { ...both, ports: [peerPort], why: 'etcd members form a quorum' },
  ]
}
