import { publicAddress, serversOf, type Stack, type TierName, etcdMembers } from '../stack/stack.ts'

interface TierStory {
  readonly title: string
  readonly purpose: (stack: Stack) => string
  /** What visitors notice when one server of the tier dies whole, as after a power loss. */
  readonly whenOneDies: (stack: Stack) => string
}

const isAlone = (stack: Stack, tier: TierName): boolean => serversOf(stack, tier).length === 1

/** What the tiers are for, as far as it is no single component's business. */
export const tierStories: Readonly<Record<TierName, TierStory>> = {
  balancer: {
    title: 'Load balancer tier',
    purpose: (stack) =>
      'The entry for visitors: they need no other one, and a firewall of yours may close all the rest. It spreads requests evenly over the ' +
      `healthy web servers${isAlone(stack, 'web') ? ', as soon as there are several,' : ''} and sends none to one that fails.`,
    whenOneDies: (stack) => {
      if (isAlone(stack, 'balancer')) return 'The site is gone until it is back.'
      return (
        `If it held ${publicAddress(stack)}, another has it after about a third of a second. Connections that were ` +
        'open through it are cut, and browsers open new ones. If it did not hold it, nobody notices.'
      )
    },
  },
  web: {
    title: 'Web tier',
    purpose: () =>
      'First contact: answers with static files by itself, takes in slow visitors and uploads, and passes only whole ' +
      'requests on, so that the app spends its time on what only the app can do.',
    whenOneDies: (stack) =>
      isAlone(stack, 'web')
        ? 'Every request is answered with an error until it is back.'
        : 'Requests that can be repeated are repeated on another one. A form that was on its way to it may fail once.',
  },
  app: {
    title: 'Application tier',
    purpose: () =>
      'Your own program: the business logic. It keeps nothing on its own disk, so any of its servers can answer any ' +
      'request, and releases replace it on some servers at a time.',
    whenOneDies: (stack) =>
      isAlone(stack, 'app')
        ? 'Static files still arrive. Whatever the app answers fails until it is back.'
        : 'Requests that can be repeated are repeated on another one. A form that was on its way to it may fail once.',
  },
  database: {
    title: 'Database tier',
    purpose: (stack) =>
      isAlone(stack, 'database')
        ? 'Keeps the data, all of it, once.'
        : 'Keeps the data: one primary takes the writes, and the others follow it closely enough to replace it.',
    whenOneDies: databaseDies,
  },
}

function databaseDies(stack: Stack): string {
  const count = serversOf(stack, 'database').length
  if (count === 1)
    return 'Whatever needs data fails until it is back. If its disk is lost, only a backup of yours helps.'
  const elsewhere = etcdMembers(stack).find(({ tier }) => tier !== 'database')
  if (count === 2) {
    return (
      `If it was the primary, writes wait some seconds until the other, which has every acknowledged write, leads with ` +
      `the etcd member on ${elsewhere?.name ?? 'a third server'}. While one is away, there is one copy.`
    )
  }
  return (
    'If it was the primary, writes wait some seconds until a replica that has every acknowledged write is elected in ' +
    'its place. If it was a replica, nobody notices.'
  )
}
