import type { Condition } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { type Stack, etcdMembers } from '../../stack/stack.ts'
import { paths } from './paths.ts'
import { peerPort } from './ports.ts'

/**
 * Removes etcd members that belong to no server of the file and do not answer: a server that was removed while it was
 * off ran no pre-remove program, and its member would count as failed for ever. A member that still answers removes
 * itself.
 */
export function pruneMembers(stack: Pick<Stack, 'servers'>): readonly Condition[] {
  const wanted = etcdMembers(stack).map(({ address }) => `https://${address}:${peerPort}`)
  const forgotten = sh`
    [ -r ${paths.members} ] && [ -r ${paths.etcdctl} ] || exit 0
    . ${paths.members}
    own="etcdctl --dial-timeout=1s --command-timeout=2s"
    forgotten() {
      $own member list 2>/dev/null | while IFS=', ' read -r id state name peer client learner; do
        case ${` ${wanted.join(' ')} `} in *" $peer "*) continue ;; esac
        members_at "$peer" >/dev/null || echo "$id"
      done
    }
  `
  return [
    {
      kind: 'condition',
      name: 'etcd members of removed servers',
      action: 'remove',
      reason: 'a server that was off when it was removed cannot remove its own member',
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
