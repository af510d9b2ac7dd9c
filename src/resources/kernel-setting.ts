import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import type { KernelSetting } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'

export interface KernelSettingFact {
  readonly value: string
  readonly writable: boolean
}

/**
 * Live kernel settings. Some belong to the computer and not to the server when the server is a container: those cannot
 * be written there and are no difference. What is set once stays until the next boot, so there is nothing to remove.
 */
export const kernelSettingKind: ResourceKind<KernelSetting, KernelSettingFact> = {
  kind: 'kernel-setting',
  phase: 'place',
  plural: 'kernel settings',
  name: (resource) => resource.name,
  ask: (resources) => sh`
    for setting in ${resources.map(({ name }) => name)}; do
      path=/proc/sys/\${setting//.//}
      [ -r "$path" ] || continue
      [ -w "$path" ] && writable=yes || writable=no
      read -r value <"$path"
      printf '%s\t%s\t%s\n' "$setting" "$writable" "\${value//$'\t'/ }"
    done
    true
  `,
  read: (answer) =>
    new Map(
      rowsOf(answer).flatMap(([name, writable, value]) =>
        value === undefined ? [] : [[name!, { writable: writable === 'yes', value: value.trim() }] as const],
      ),
    ),
  fact: z.strictObject({ value: z.string().regex(/^[\x20-\x7e]{0,200}$/), writable: z.boolean() }),
  close: (desired, facts) =>
    desired
      .map((resource) => ({ resource, fact: facts.get(resource.name) }))
      .filter(({ resource, fact }) => fact?.writable === true && fact.value !== resource.value)
      .map(({ resource: { name, value }, fact }) => ({
        kind: 'kernel-setting',
        name,
        action: 'change',
        reason: `is ${fact!.value}, should be ${value}`,
        disturbs: 'nothing',
        apply: sh`sysctl -q -w ${`${name}=${value}`}`,
        rollBack: sh`sysctl -q -w ${`${name}=${fact!.value}`}`,
      })),
}
