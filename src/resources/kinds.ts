import type { z } from 'zod'
import { commandKind } from './command.ts'
import { conditionKind } from './condition.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { kernelSettingKind } from './kernel-setting.ts'
import { packageKind } from './package.ts'
import type { Kind, Resource, Step } from './resource.ts'
import type { KindTraits, ResourceKind } from './resource-kind.ts'
import { slotsKind } from './slots.ts'
import { symlinkKind } from './symlink.ts'
import { treeKind } from './tree.ts'
import { unitKind } from './unit.ts'
import { userKind } from './user.ts'

/** A kind with its types forgotten, for code that walks over all of them. */
export type AnyKind = ResourceKind<Resource, unknown>

/** All kinds, in the order in which a component's resources are brought about. */
const byName = {
  package: packageKind,
  user: userKind,
  directory: directoryKind,
  tree: treeKind,
  file: fileKind,
  symlink: symlinkKind,
  'kernel-setting': kernelSettingKind,
  unit: unitKind,
  command: commandKind,
  slots: slotsKind,
  condition: conditionKind,
} as const satisfies { readonly [K in Kind]: KindTraits<never> & { readonly kind: K } }

export const kinds = Object.values(byName) as unknown as readonly AnyKind[]

export const kindNames = Object.keys(byName) as readonly Kind[]

export const kindOf = (kind: Kind): AnyKind => byName[kind]

/** Identity of a resource on its server, such as `file /etc/hosts`. */
export const identityOf = (resource: Resource): string => `${resource.kind} ${kindOf(resource.kind).name(resource)}`

/** What several or one of a kind are called: `1 kernel setting`, `2 directories`. */
export const countOf = (kind: Kind, amount: number): string =>
  amount === 1 ? `1 ${nounOf(kind)}` : `${amount} ${kindOf(kind).plural}`

/** What a step acts on, in words: `/etc/hosts`, `user app`. */
export const objectOf = ({ kind, name }: Pick<Step, 'kind' | 'name'>): string =>
  kindOf(kind).object?.(name) ?? `${nounOf(kind)} ${name}`

const nounOf = (kind: Kind): string => kind.replace('-', ' ')

/** What a server said of those that are there, by name. */
export const factsOf = <K extends Kind>(
  { resources }: { readonly resources: ReadonlyMap<Kind, ReadonlyMap<string, unknown>> },
  kind: K,
): ReadonlyMap<string, FactOf<K>> => (resources.get(kind) ?? new Map()) as ReadonlyMap<string, FactOf<K>>

export type FactOf<K extends Kind> = z.infer<(typeof byName)[K]['fact']>

/** Whether a step starts, stops or notifies something that runs. */
export const isOfWhatRuns = ({ kind }: Pick<Step, 'kind'>): boolean => kindOf(kind).phase === 'run'
