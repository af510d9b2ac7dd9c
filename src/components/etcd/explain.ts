import { type Server, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainEtcd(server: Server, stack: Pick<Stack, 'servers'>): Explanation {
  const members = etcdMembers(stack).length
  const spare = Math.floor((members - 1) / 2)
  return {
    what:
      server.tier !== 'database'
        ? `One of the ${members} etcd members that decide who leads the database. It holds no data. It is here because an even number of members tolerates no more failures than one member fewer.`
        : members === 1
          ? 'The one etcd member of this stack: Patroni keeps in it who leads the database.'
          : `One of the ${members} etcd members that decide who leads the database.`,
    why: 'Two servers that cannot reach each other cannot know which of them is cut off. A majority of etcd members can. Only the database server that the majority names accepts writes, so there are never two primaries.',
    brings: {
      redundancy:
        spare === 0
          ? 'None yet: no member may fail. With three database servers, one may.'
          : `${spare} of ${members} etcd members may fail, and a new leader is still elected.`,
      isolation: `It listens on the private address and on loopback. Callers need a certificate of this stack: ${members === 1 ? 'Patroni has the only one' : 'Patroni, the observers and the other members have one each'}.`,
    },
    whenItDies: whenItDies(members),
  }
}

/** Says where an etcd member without data was placed, and why. */
export function remarkOnMembers(stack: Pick<Stack, 'servers'>): readonly string[] {
  const count = serversOf(stack, 'database').length
  return etcdMembers(stack)
    .filter(({ tier }) => tier !== 'database')
    .map(
      ({ name }) =>
        `${name} holds an etcd member for the database, but no data: ${count} database servers alone cannot tell a dead neighbour from a broken network.`,
    )
}

function whenItDies(members: number): string {
  if (members === 1)
    return 'Nothing at first: the database keeps serving. systemd starts it again within a second or two.'
  const spare = Math.floor((members - 1) / 2)
  if (spare === 0)
    return 'Nothing at first: the database keeps serving (failsafe mode), but cannot change its leader until it is back.'
  return 'Nothing: the other members are still a majority. systemd starts it again within a second or two.'
}
