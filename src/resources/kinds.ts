import { commandKind } from './command.ts'
import { conditionKind } from './condition.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { kernelSettingKind } from './kernel-setting.ts'
import { packageKind } from './package.ts'
import type { Kind, Resource, ResourceKind } from './resource.ts'
import { slotsKind } from './slots.ts'
import { symlinkKind } from './symlink.ts'
import { treeKind } from './tree.ts'
import { unitKind } from './unit.ts'
import { userKind } from './user.ts'

/** A kind with its types forgotten, for code that walks over all of them. */
export type AnyKind = ResourceKind<Resource, unknown>

/** All kinds, in the order in which a component's resources are brought about. */
export const kinds = [
  packageKind,
  userKind,
  directoryKind,
  treeKind,
  fileKind,
  symlinkKind,
  kernelSettingKind,
  unitKind,
  commandKind,
  slotsKind,
  conditionKind,
] as unknown as readonly AnyKind[]

const byName = new Map(kinds.map((kind) => [kind.kind, kind]))

export const kindOf = (kind: Kind): AnyKind => byName.get(kind)!

/** Identity of a resource on its server, such as `file /etc/hosts`. */
export const identityOf = (resource: Resource): string => `${resource.kind} ${kindOf(resource.kind).name(resource)}`
