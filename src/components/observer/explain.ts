import { type Server, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { timing } from './timing.ts'

const patient = "The stack's setting `failover: 'patient'` leaves it at that."

const fast = (replicas: number): string =>
  `The observers are certain sooner: after ${timing.deadlineSeconds} s of silence ${replicas === 1 ? 'the replica stops' : 'all replicas stop'} receiving from it, and only then, and only by a majority of the etcd members, is its leader key revoked.`

export function explainObserver(server: Server, stack: Pick<Stack, 'servers' | 'declared'>): Explanation {
  const count = etcdMembers(stack).length
  const replicas = serversOf(stack, 'database').length - 1
  return {
    what: `One of ${count} observers, which watch the server of the primary${server.tier === 'database' ? '' : '; it holds no data, and only agrees'}.`,
    why: `A server that loses its power says nothing, and Patroni waits 20 s for it. ${stack.declared.database.failover === 'patient' ? patient : fast(replicas)} Whoever takes over is promoted only once it is certain that it has all that was acknowledged.`,
    brings: {
      redundancy: `When the server of the primary is gone, writes resume ${stack.declared.database.failover === 'patient' ? 'after about 20 s' : 'within 5 s'}, and nothing acknowledged is lost.`,
      isolation:
        'A replica receives from that server alone which has established that it leads; a former primary is confirmed nothing.',
    },
    whenItDies:
      'Nothing at first; systemd starts it again within a second or two. Where it stays away, nobody is promoted who needs the promise of this server, and a replica does not follow a new primary.',
  }
}
