import type { Condition } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { type Stack, votes } from '../../stack/stack.ts'
import { places } from './places.ts'
import { peerPort } from './ports.ts'
import { askMembers } from './render-scripts.ts'

/**
 * No vote counts that belongs to no server of the file and does not answer: a server that left while it was dead can
 * say no farewell, and its vote would be missing for ever. One that still answers leaves by itself.
 */
export function pruneVotes(stack: Pick<Stack, 'servers'>): readonly Condition[] {
  const wanted = votes(stack).map(({ address }) => `https://${address}:${peerPort}`)
  const forgotten = sh`
    [ -r ${places.callAsVote} ] || exit 0
    . ${places.callAsVote}
    own="etcdctl --dial-timeout=1s --command-timeout=2s"
    forgotten() {
      $own member list 2>/dev/null | while IFS=', ' read -r id state name peer client learner; do
        case ${` ${wanted.join(' ')} `} in *" $peer "*) continue ;; esac
        ${askMembers} "$peer/members" >/dev/null || echo "$id"
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
