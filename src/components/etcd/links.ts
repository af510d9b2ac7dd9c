import { type Link, type Stack, votes } from '../../stack/stack.ts'
import { clientPort, peerPort } from './ports.ts'

/** Who asks the votes, and who of them talks to whom: database servers among themselves, and with a vote elsewhere. */
export function linksOfVotes(stack: Pick<Stack, 'servers'>): readonly Link[] {
  const guests = votes(stack).filter(({ tier }) => tier !== 'database')
  return [
    ...linksBetween({ from: 'database', to: 'database' }, 'Patroni asks the votes who leads'),
    ...guests.flatMap(({ name, tier }) => [
      ...linksBetween({ from: 'database', to: tier, acceptedBy: [name] }, 'Patroni asks the votes who leads'),
      ...linksBetween({ from: tier, to: 'database', openedBy: [name] }, 'a vote asks the others to be let in'),
    ]),
  ]
}

function linksBetween(ends: Pick<Link, 'from' | 'to' | 'openedBy' | 'acceptedBy'>, why: string): readonly Link[] {
  const both = { ...ends, component: 'etcd', protocol: 'tcp' } as const
  return [
    { ...both, ports: [clientPort], why },
    { ...both, ports: [peerPort], why: 'the votes find a majority among themselves' },
  ]
}
