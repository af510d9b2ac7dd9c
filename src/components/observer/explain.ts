import { type Server, serversOf, type Stack, votes } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { timing } from './timing.ts'

export function explainObserver(server: Server, stack: Pick<Stack, 'servers'>): Explanation {
  const count = votes(stack).length
  const replicas = serversOf(stack, 'database').length - 1
  return {
    what: `One of ${count} observers, which watch the server of the primary${server.tier === 'database' ? '' : '; it holds no data, and only agrees'}.`,
    why: `A server that loses its power says nothing, and Patroni waits 20 s for it. The observers are certain sooner: after ${timing.deadlineSeconds} s of silence ${replicas === 1 ? 'the replica stops' : 'all replicas stop'} confirming writes to it, and only then, and only by a majority of the votes, is its office given up.`,
    brings: {
      redundancy: 'When the server of the primary is gone, writes resume within 5 s, and nothing acknowledged is lost.',
      isolation:
        'A primary that hears none of the others ends its PostgreSQL, before another one can have been promoted.',
    },
    whenItDies:
      'Nothing at first; systemd starts it again within a second or two. Without it, a primary that loses its power is replaced after about 20 s instead of 3.',
  }
}
