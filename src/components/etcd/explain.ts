import { type Server, serversOf, type Stack, votes } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainEtcd(server: Server, stack: Pick<Stack, 'servers'>): Explanation {
  const members = votes(stack).length
  const spare = Math.floor((members - 1) / 2)
  return {
    what:
      server.tier !== 'database'
        ? `One of the ${members} votes that decide who leads the database. It holds no data, and is here because an even number of votes is worth no more than one less.`
        : members === 1
          ? 'The one vote of this stack: Patroni keeps in it who leads the database.'
          : `One of the ${members} votes that decide who leads the database.`,
    why: 'Two servers that lost sight of each other cannot know which of them is alone. A majority of votes can: only the database server that it names accepts writes, so there are never two.',
    brings: {
      redundancy:
        spare === 0
          ? 'None yet: with so few votes none may be missing. Three database servers have one to spare.'
          : `${spare} of ${members} votes may be missing, and a new leader is still found.`,
      isolation: 'It listens on the private address only and is asked by Patroni alone.',
    },
    whenItDies: whenItDies(members),
  }
}

/** Says where a vote without data was placed, and why. */
export function remarkOnVotes(stack: Pick<Stack, 'servers'>): readonly string[] {
  const count = serversOf(stack, 'database').length
  return votes(stack)
    .filter(({ tier }) => tier !== 'database')
    .map(
      ({ name }) =>
        `${name} holds a vote for the database, and no data: the ${count} database servers alone could not tell a dead neighbour from a cut cable.`,
    )
}

function whenItDies(members: number): string {
  if (members === 1)
    return 'Nothing at first: the database keeps serving. systemd starts it again within a second or two.'
  const spare = Math.floor((members - 1) / 2)
  if (spare === 0)
    return 'Nothing at first: the database keeps serving (failsafe mode), but cannot change its leader until it is back.'
  return 'Nothing: the other votes are still a majority. systemd starts it again within a second or two.'
}
