import { serversOf, type Server, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { trimaran } from '../../speech/suggested-command.ts'

export function explainPatroni(server: Server, stack: Pick<Stack, 'servers'>): Explanation {
  const count = serversOf(stack, 'database').length
  return count === 1 ? alone(server) : several(count)
}

const what = 'PostgreSQL 17, managed by Patroni.'

function alone({ name }: Server): Explanation {
  return {
    what,
    why: 'PostgreSQL keeps the data. Patroni starts it, restarts it after a crash, and tells the app servers that it is the primary. With one server there is no failover; more servers can be added later.',
    brings: {
      isolation: 'Only app servers may log in, each with a password, and only into the database of the app.',
      'ease of maintenance': `Settings are changed without an unexpected restart: ${trimaran('status')} names those that need one.`,
    },
    whenItDies: `A crash of PostgreSQL: some seconds without the database. A loss of the server: no database until it is back, since ${name} is the only one; what it holds is lost with its disk, and Trimaran makes no backups yet.`,
  }
}

function several(count: number): Explanation {
  const replicas = count - 1
  return {
    what,
    why: `One of ${count} servers, the primary, takes all writes; ${replicas === 1 ? 'the other follows' : `the other ${replicas} follow`} it. When the primary fails, Patroni promotes a replica that has every acknowledged write, and HAProxy on the app servers switches to it.`,
    brings: {
      redundancy:
        'A write is acknowledged once a replica has it too: losing any one server loses no acknowledged write.',
      isolation: 'Only app servers may log in, each with a password, and only into the database of the app.',
      'ease of maintenance': 'The primary can be moved to another server in seconds, for work on this one.',
    },
    whenItDies:
      count === 2
        ? 'As the replica: writes wait for some seconds, then go on unprotected. As the primary: the other one takes over in seconds, since it and the etcd member on a balancer are a majority; no acknowledged write is lost. Until the first is back, losing the second would lose data. A third database server prevents that.'
        : 'As a replica: nothing. As the primary: writes wait for some seconds until a replica is promoted; no acknowledged write is lost.',
  }
}
