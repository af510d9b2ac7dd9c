import { type Link, type Stack, type TierName, votes } from '../../stack/stack.ts'
import { clientPort, peerPort } from './ports.ts'

/** Who asks the votes, and who of them talks to whom: mostly database servers among themselves. */
export function linksOfVotes(stack: Pick<Stack, 'servers'>): readonly Link[] {
  const elsewhere = [...new Set(votes(stack).map(({ tier }) => tier))].filter((tier) => tier !== 'database')
  const pairs: readonly (readonly [TierName, TierName])[] = [
    ['database', 'database'],
    ...elsewhere.flatMap((tier) => [['database', tier] as const, [tier, 'database'] as const]),
  ]
  return pairs.flatMap(([from, to]): readonly Link[] => [
    {
      from,
      to,
      component: 'etcd',
      protocol: 'tcp',
      port: clientPort,
      why: from === 'database' ? 'Patroni asks the votes who leads' : 'a vote asks the others to be let in',
    },
    { from, to, component: 'etcd', protocol: 'tcp', port: peerPort, why: 'the votes find a majority among themselves' },
  ])
}
