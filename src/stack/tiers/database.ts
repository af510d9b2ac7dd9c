import { countOf } from '../../speech/count-of.ts'
import { isAlone, type Server, serversOf, type Stack, etcdMembers } from '../stack.ts'
import type { Tier } from './tier.ts'

/** What holds the data. */
export const database: Tier = {
  hostPrefix: 'db',
  labHost: 191,
  enough: 3,
  hasLeader: true,
  routesOn: () => false,
  dataFolder: '/var/lib/postgresql',
  title: 'Database tier',
  purpose: (stack) =>
    isAlone(stack, 'database')
      ? 'Keeps the only copy of the data.'
      : 'Keeps the data: one primary takes the writes, and the others follow it and can replace it.',
  whenOneDies,
  survives: hasMajority,
  consequence,
  loss: 'the app would have no database',
  backInService: 'it follows the primary, answers reads, and may lead again',
  note: listCopies,
  diagram: {
    title: 'Database servers',
    subtitle: listCopies,
    light: { ink: '#a3306f', wash: '#fdf4f9', tint: '#f7dcea' },
    dark: { ink: '#f48cc0', wash: '#1e1522', tint: '#4d2340' },
  },
}

function whenOneDies(stack: Stack): string {
  const count = serversOf(stack, 'database').length
  if (count === 1)
    return 'Requests that need data fail until it is back. If its disk is lost, only a backup of yours helps.'
  const elsewhere = etcdMembers(stack).find(({ tier }) => tier !== 'database')
  if (count === 2) {
    return (
      `If it was the primary, writes wait some seconds until the other, which has every acknowledged write, leads with ` +
      `the etcd member on ${elsewhere?.name ?? 'a third server'}. While one is down, there is one copy.`
    )
  }
  return (
    'If it was the primary, writes wait some seconds until a replica that has every acknowledged write is elected in ' +
    'its place. If it was a replica, nobody notices.'
  )
}

function hasMajority(left: readonly Server[], stack: Stack): boolean {
  const all = etcdMembers(stack)
  // An etcd member without data lives in another tier, and is not lost with a server of this one.
  const standing = all.filter(({ name, tier }) => tier !== 'database' || left.some((server) => server.name === name))
  return left.length > 0 && standing.length > all.length / 2
}

function consequence(lost: string, stack: Stack): string {
  if (isAlone(stack, 'database')) {
    return (
      `Requests that need data fail until ${lost} is back. It holds the only copy: ` +
      'if its disk is lost, all data is lost. Trimaran makes no backups yet.'
    )
  }
  return (
    'No acknowledged write is lost, since others have a copy. But the etcd members that are left are no majority: they cannot tell ' +
    'dead neighbours from a broken network, so there is no primary, and requests that need data fail until it is back.'
  )
}

function listCopies(stack: Stack): string {
  const count = serversOf(stack, 'database').length
  return count === 1 ? 'the only copy of the data' : `one primary, ${countOf(count - 1, 'replica')}`
}
