import { type Blueprint, manifestOf, type Part } from '../../blueprint/blueprint.ts'
import type { Observation } from '../../observation/observation.ts'
import { probeRow } from '../../resources/activation.ts'
import { kindOf } from '../../resources/kinds.ts'
import type { Kind, Resource } from '../../resources/resource.ts'
import { fingerprintOfProbe } from '../../resources/unit.ts'
import type { HostFacts } from '../../stack/host-facts.ts'
import type { Server } from '../../stack/stack.ts'
import { fingerprintOf } from '../change-server.ts'

/** A Debian server with two cores and 1 GB, in the network of the stack. */
const hostOf = ({ address }: Pick<Server, 'address'>): HostFacts => ({
  os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13 (trixie)' },
  architecture: 'amd64',
  container: 'none',
  cores: 2,
  memoryBytes: 1024 ** 3,
  networkInterface: 'eth0',
  clockSeconds: 0,
  diskFreeBytes: 1024 ** 4,
  ports: [],
  addresses: [{ interface: 'eth0', address, prefixLength: 24 }],
  neighbours: [],
})

/** What a server says on which nothing was ever placed. */
export const bareServer = (server: Server): Observation => ({
  host: hostOf(server),
  resources: new Map(),
  manifest: [],
  health: new Map(),
})

/** What a server says that is just what its blueprint wants: planning for the same blueprint has nothing to do. */
export function soundServer(blueprint: Blueprint, stack: string): Observation {
  const facts = blueprint.parts.flatMap((part) =>
    part.resources.map((resource) => [resource.kind, nameOf(resource), factOf(resource, part)] as const),
  )
  const resources = new Map(
    [...Map.groupBy(facts, ([kind]) => kind)].map(([kind, ofKind]): [Kind, ReadonlyMap<string, unknown>] => [
      kind,
      new Map(ofKind.filter(([, , fact]) => fact !== undefined).map(([, name, fact]) => [name, fact])),
    ]),
  )
  const components = blueprint.parts.map(({ component }) => component)
  return {
    host: hostOf(blueprint.server),
    stack,
    ...(blueprint.keyFingerprint !== undefined && { keyFingerprint: blueprint.keyFingerprint }),
    resources,
    manifest: manifestOf(blueprint),
    health: new Map(components.map((component) => [component, { state: 'well' }])),
  }
}

const nameOf = (resource: Resource): string => kindOf(resource.kind).name(resource)

/** The fact of a resource that is as it should be; `undefined` where that is that nothing is there. */
function factOf(resource: Resource, part: Part): unknown {
  switch (resource.kind) {
    case 'package':
      return { version: '1' }
    case 'user':
      return { home: resource.home }
    case 'directory':
      return { isFolder: true, ...ownershipOf(resource) }
    case 'file':
      return { ...ownershipOf(resource), content: resource.content }
    case 'symlink':
      return { target: resource.target }
    case 'tree':
      return resource.optional === true ? undefined : { is: 'whole' }
    case 'kernel-setting':
      return { value: resource.value, writable: true }
    case 'command':
      return { versions: [resource.version] }
    case 'condition':
      return { holds: true, ...(resource.wanted !== undefined && { remembered: resource.wanted }) }
    case 'unit':
      return resource.state === 'masked'
        ? { active: 'inactive', enabled: 'masked', activated: new Map() }
        : {
            active: 'active',
            enabled: 'enabled',
            activated: new Map([...activatedWith(part), [probeRow, fingerprintOfProbe(resource)]]),
          }
    case 'slots': {
      const [first] = resource.slots
      const activated = new Map(activatedWith(part))
      return { [first.name]: { isActive: true, isRetiring: false, isEnabled: true, down: [], activated } }
    }
  }
}

const ownershipOf = ({ mode, owner, group }: { mode: string; owner: string; group: string }) => ({ mode, owner, group })

const activatedWith = ({ resources }: Part): readonly (readonly [string, string])[] =>
  resources.flatMap((one) =>
    'onChange' in one && one.onChange !== undefined ? [[one.path, fingerprintOf(one)] as const] : [],
  )
