import { type IsOwnResource, ownershipOf } from '../resources/own-resources.ts'
import { app } from './app/index.ts'
import { type Component, having, type Roles } from './component.ts'
import { etcd } from './etcd/index.ts'
import { firewall } from './firewall/index.ts'
import { haproxy } from './haproxy/index.ts'
import { keepalived } from './keepalived/index.ts'
import { nginx } from './nginx/index.ts'
import { observer } from './observer/index.ts'
import { patroni } from './patroni/index.ts'
import { pgbouncer } from './pgbouncer/index.ts'
import { system } from './system/index.ts'

/** Every piece of software that Trimaran places, in the order in which a server's parts are brought about. */
const byName = {
  system,
  firewall,
  etcd,
  // Before PostgreSQL: it says from whom a replica may receive.
  observer,
  patroni,
  haproxy,
  pgbouncer,
  app,
  nginx,
  keepalived,
}

/** A component that has another name is not on the list yet. */
export type ComponentName = keyof typeof byName

export const components: readonly Component[] = Object.values(byName)

/** The tiers whose servers hold releases. */
export const releaseTiers = having(components, 'holdsReleases').map(({ role }) => role.tier)

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
