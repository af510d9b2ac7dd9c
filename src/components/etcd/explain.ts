import { type Server, type Stack, votes } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainEtcd(_server: Server, stack: Pick<Stack, 'servers'>): Explanation {
  const members = votes(stack).length
  const spare = Math.floor((members - 1) / 2)
  return {
    what:
      members === 1
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

function whenItDies(members: number): string {
  if (members === 1)
    return 'Nothing at first: the database keeps serving. systemd starts it again within a second or two.'
  const spare = Math.floor((members - 1) / 2)
  if (spare === 0)
    return 'Nothing at first: the database keeps serving (failsafe mode), but cannot change its leader until it is back.'
  return 'Nothing: the other votes are still a majority. systemd starts it again within a second or two.'
}
