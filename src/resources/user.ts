import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import type { User } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import * as said from './said.ts'

/** System users: no password, no shell, a group of the same name. */
export const userKind: ResourceKind<User, { readonly home: string }> = {
  kind: 'user',
  phase: 'place',
  unnoticed: 'create',
  plural: 'users',
  name: (resource) => resource.name,
  ask: (resources) => sh`getent passwd ${resources.map(({ name }) => name)} || true`,
  read: (answer) =>
    new Map(
      answer
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(':'))
        .map((fields) => [fields[0]!, { home: fields[5]! }]),
    ),
  fact: z.strictObject({ home: said.path }),
  close: (desired, facts) =>
    desired
      .filter(({ name }) => !facts.has(name))
      .map(({ name, home }) => ({
        kind: 'user',
        name,
        action: 'create',
        reason: 'does not exist',
        disturbs: 'nothing',
        apply: sh`useradd --system --user-group --no-create-home --home-dir ${home} --shell /usr/sbin/nologin ${name}`,
        rollBack: sh`userdel ${name}`,
      })),
  remove: (name) => ({
    kind: 'user',
    name,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    apply: sh`if getent passwd ${name} >/dev/null; then userdel ${name}; fi`,
  }),
}
