import { type Link, type Stack, etcdMembers } from '../../stack/stack.ts'
import { clientPort, peerPort } from './ports.ts'

/** Who asks etcd, and who of them talks to whom: database servers among themselves, and with an etcd member elsewhere. */
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
