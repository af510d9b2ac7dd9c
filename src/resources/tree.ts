import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import { standsFirm } from './firm-ground.ts'
import type { ResourceKind, Tree } from './resource.ts'
import { inboxPath } from './state-folder.ts'

/** Folders unpacked from one archive. Unpacked beside its place and renamed, so that a tree is whole or not there. */
export const treeKind: ResourceKind<Tree, true> = {
  kind: 'tree',
  name: (resource) => resource.path,
  // All trees beside the desired one are listed, so that the question does not depend on the version that is wanted.
  ask: (resources) => sh`
    for folder in ${[...new Set(resources.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))]}; do
      for tree in "$folder"/*; do [ -d "$tree" ] && [ ! -L "$tree" ] && printf '%s\n' "$tree"; done
    done
    true
  `,
  read: (answer) =>
    new Map(answer.split('\n').flatMap((path) => (path === '' || path.endsWith('.partial') ? [] : [[path, true]]))),
  fact: z.literal(true),
  close: (desired, facts) =>
    desired
      .filter(({ path, optional }) => optional !== true && !facts.has(path))
      .map(({ path, payload, owner }) => ({
        kind: 'tree',
        name: path,
        action: 'create',
        reason: 'is not there',
        disturbs: 'nothing',
        payload,
        apply: sh`
          ${standsFirm(path)}
          rm -rf ${path}.partial
          mkdir -p ${path}.partial
          tar -xzf ${inboxPath(payload)} -C ${path}.partial --no-same-owner
          chown -hR ${owner}:${owner} ${path}.partial
          if [ -L ${path} ]; then rm -f ${path}; fi
          mv -T ${path}.partial ${path}
          rm -f ${inboxPath(payload)}
        `,
        // It was not there before; a disk that it filled has its room back.
        undo: sh`
          ${standsFirm(path)}
          rm -rf ${path}.partial ${path} ${inboxPath(payload)}
        `,
      })),
  remove: (path) => ({
    kind: 'tree',
    name: path,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    phase: 'last',
    apply: sh`
      ${standsFirm(path)}
      rm -rf ${path} ${path}.partial
    `,
  }),
}
