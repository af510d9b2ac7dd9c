import { type Server, serversOf, type Stack, etcdMembers } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { timing } from './timing.ts'

const patient = "The stack's setting `failover: 'patient'` leaves it at that."

const fast = (replicas: number): string =>
  `Observers act sooner: after ${timing.deadlineSeconds} s without an answer ${replicas === 1 ? 'the replica stops' : 'all replicas stop'} receiving from it. Then a majority of the etcd members revokes its leader key.`

export function explainObserver(server: Server, stack: Pick<Stack, 'servers' | 'declared'>): Explanation {
  const count = etcdMembers(stack).length
  const replicas = serversOf(stack, 'database').length - 1
  return {
    what: `One of ${count} observers, which watch the server of the primary${server.tier === 'database' ? '' : '; this one holds no data, and only takes part in decisions'}.`,
    why: `A server that loses its power sends no message, and Patroni waits 20 s for it. ${stack.declared.database.failover === 'patient' ? patient : fast(replicas)} A new primary is promoted only when it has every write that was acknowledged.`,
    brings: {
      redundancy: `When the server of the primary is gone, writes resume ${stack.declared.database.failover === 'patient' ? 'after about 20 s' : 'within 5 s'}, and no acknowledged write is lost.`,
      isolation:
        'Replicas receive only from the server that has established that it is the primary. They confirm nothing to a former primary.',
    },
    whenItDies:
      'Nothing at first; systemd starts it again within a second or two. While it is down, a failover that needs this server must wait, and a replica here does not follow a new primary.',
  }
}
