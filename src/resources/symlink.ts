import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { standsFirm } from './firm-ground.ts'
import type { Symlink } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import * as said from './said.ts'

/** Symbolic links, switched in one rename. */
export const symlinkKind: ResourceKind<Symlink, { readonly target: string }> = {
  kind: 'symlink',
  phase: 'place',
  isOfRelease: true,
  plural: 'symlinks',
  name: (resource) => resource.path,
  ask: (resources) => sh`
    for link in ${resources.map(({ path }) => path)}; do
      [ -L "$link" ] && printf '%s\t%s\n' "$link" "$(readlink -- "$link")"
    done
    true
  `,
  read: (answer) =>
    new Map(rowsOf(answer).flatMap(([path, target]) => (target === undefined ? [] : [[path!, { target }] as const]))),
  fact: z.strictObject({ target: said.linkTarget }),
  close: (desired, facts) =>
    desired
      .map((resource) => ({ ...resource, fact: facts.get(resource.path) }))
      .filter(({ target, isInitial, fact }) => (isInitial === true ? fact === undefined : fact?.target !== target))
      .map(({ path, target, isAhead, fact }) => ({
        kind: 'symlink',
        name: path,
        action: fact === undefined ? 'create' : 'change',
        reason: fact === undefined ? 'does not exist' : `points to ${fact.target}, should point to ${target}`,
        disturbs: 'nothing',
        ...(isAhead === true && { phase: 'ahead' as const }),
        apply: point(path, target),
        rollBack: fact === undefined ? lines([standsFirm(path), sh`rm -f ${path}`]) : point(path, fact.target),
      })),
  remove: (path) => ({
    kind: 'symlink',
    name: path,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    apply: sh`
      ${standsFirm(path)}
      if [ -L ${path} ]; then rm -f ${path}; fi
    `,
  }),
}

/** Has a link lead somewhere else, in one rename. */
export const point = (path: string, target: string): Shell => sh`
  ${standsFirm(path)}
  mkdir -p ${path.slice(0, path.lastIndexOf('/'))}
  ln -sfT ${target} ${path}.trimaran-new
  mv -T ${path}.trimaran-new ${path}
`
