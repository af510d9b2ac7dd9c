import { type IsOwnResource, ownershipOf } from '../resources/own-resources.ts'
import { app } from './app/index.ts'
import { type Component, having, type Roles } from './component.ts'
import { etcd } from './etcd/index.ts'
import { firewall } from './firewall/index.ts'
import { haproxy } from './haproxy/index.ts'
import { keepalived } from './keepalived/index.ts'
import { type ComponentName, componentNames } from './names.ts'
import { nginx } from './nginx/index.ts'
import { observer } from './observer/index.ts'
import { patroni } from './patroni/index.ts'
import { pgbouncer } from './pgbouncer/index.ts'
import { system } from './system/index.ts'

const byName: Readonly<Record<ComponentName, Component>> = {
  app,
  etcd,
  firewall,
  haproxy,
  keepalived,
  nginx,
  observer,
  patroni,
  pgbouncer,
  system,
}

/** Every component, in the order of `names.ts`. */
export const components: readonly Component[] = componentNames.map((name) => byName[name])

const releaseRoles = having(components, 'holdsReleases').map(({ role }) => role)

/** The tiers whose servers hold releases. */
export const releaseTiers = releaseRoles.map(({ tier }) => tier)

/** The release of which one archive lies unpacked at this path; `undefined` where it is no such path. */
export function releaseAt(path: string): string | undefined {
  const folder = releaseRoles.map((role) => `${role.folder}/releases/`).find((one) => path.startsWith(one))
  const name = folder === undefined ? undefined : path.slice(folder.length)
  return name === undefined || name === '' || name.includes('/') ? undefined : name
}

/** Whether any of them may have placed a thing of this kind under this name. */
export const isOwnResource: IsOwnResource = ownershipOf(
  components.map(({ owns, roles }) => ({
    ...owns,
    ...(roles?.pausesCalls && { paused: [roles.pausesCalls.tier] }),
  })),
)

/** The role of the one component that has it for the whole house, or for a tier. Throws where none does: a defect. */
export function roleOf<R extends keyof Roles>(name: R, isMeant: (role: Roles[R]) => boolean = () => true): Roles[R] {
  const found = having(components, name).find(({ role }) => isMeant(role))
  if (found === undefined) throw new Error(`no component has the role ${name}`)
  return found.role
}
