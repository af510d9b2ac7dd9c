import type { Condition } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { type Stack, votes } from '../../stack/stack.ts'
import { clientPort, peerPort } from './ports.ts'

/**
 * No vote counts that belongs to no server of the file and does not answer: a server that left while it was dead can
 * say no farewell, and its vote would be missing for ever. One that still answers leaves by itself.
 */
export function pruneVotes(stack: Pick<Stack, 'servers'>): readonly Condition[] {
  const wanted = votes(stack).map(({ address }) => `http://${address}:${peerPort}`)
  const forgotten = sh`
    own="etcdctl --endpoints=http://127.0.0.1:${clientPort} --dial-timeout=1s --command-timeout=2s"
    forgotten() {
      $own member list 2>/dev/null | while IFS=', ' read -r id state name peer client learner; do
        case ${` ${wanted.join(' ')} `} in *" $peer "*) continue ;; esac
        curl -s -m 1 -o /dev/null "$peer/members" || echo "$id"
      done
    }
  `
  return [
    {
      kind: 'condition',
      name: 'votes of servers that are gone',
      action: 'remove',
      reason: 'a server that left cannot take its vote back',
      disturbs: 'nothing',
      holds: sh`
        ${forgotten}
        [ -z "$(forgotten)" ]
      `,
      make: sh`
        ${forgotten}
        for id in $(forgotten); do $own member remove "$id" || [ -z "$(forgotten)" ]; done
      `,
    },
  ]
}
