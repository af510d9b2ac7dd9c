import { hasServers } from '../../config/build-settings.ts'
import { readKnownServers } from '../../engine/known-servers.ts'
import { readLab } from '../../lab/index.ts'
import type { Stack } from '../../stack/stack.ts'
import { tierNames } from '../../stack/tiers.ts'
import { openProject } from './open-project.ts'
import type { SessionWish } from './open-session.ts'
import { labPlacement, stackOf } from './stack-of.ts'

/**
 * The stack as its file says. Asks no server: where addresses are not known yet, SSH destinations or lab addresses are
 * used.
 */
export async function declaredStack(place: SessionWish): Promise<Stack> {
  const { config, stateFolder } = await openProject(place)
  const isCounted = tierNames.some((tier) => hasServers(config[tier]) && typeof config[tier].servers === 'number')
  if (place.lab === true || isCounted) {
    const existing = await readLab(config.name)
    return stackOf(config, labPlacement(existing ?? { subnet: '198.18.0.0/24' }))
  }
  const known = await readKnownServers(stateFolder, 'production')
  return stackOf(config, { kind: 'production', addresses: new Map(known.map(({ name, address }) => [name, address])) })
}
