import { type Blueprint, manifestOf, packagesPart, type Part, stackPart } from '../../blueprint/blueprint.ts'
import type { Observation } from '../../observation/observation.ts'
import { probeRow } from '../../resources/activation.ts'
import { kindOf } from '../../resources/kinds.ts'
import type { Kind, Resource } from '../../resources/resource.ts'
import { fingerprintOfProbe } from '../../resources/unit.ts'
import type { HostFacts } from '../../stack/host-facts.ts'
import type { Server } from '../../stack/stack.ts'
import { fingerprintOf } from '../change-server.ts'

/** A Debian server with two cores and 1 GB. */
export const host: HostFacts = {
  os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13 (trixie)' },
  architecture: 'amd64',
  sshPorts: [22],
  container: 'none',
  cores: 2,
  memoryBytes: 1024 ** 3,
  networkInterface: 'eth0',
  clockSeconds: 0,
  diskFreeBytes: 1024 ** 4,
  ports: [],
  clusters: [],
  addresses: [],
  neighbours: [],
}

/** The same in the network of the stack. */
const hostOf = ({ address }: Pick<Server, 'address'>): HostFacts => ({
  ...host,
  addresses: [{ interface: 'eth0', address, prefixLength: 24 }],
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
  const said = blueprint.parts.flatMap((part) =>
    part.resources
      .filter(isThere)
      .map((resource) => [resource.kind, nameOf(resource), factOf(resource, part)] as const),
  )
  const resources = new Map(
    [...Map.groupBy(said, ([kind]) => kind)].map(([kind, ofKind]): [Kind, ReadonlyMap<string, unknown>] => [
      kind,
      new Map(ofKind.map(([, name, fact]) => [name, fact])),
    ]),
  )
  const components = blueprint.parts
    .map(({ component }) => component)
    .filter((name) => name !== packagesPart && name !== stackPart)
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

/** An older release is not missed. */
const isThere = (resource: Resource): boolean => resource.kind !== 'tree' || resource.optional !== true

const factOf = (resource: Resource, part: Part): object =>
  (facts[resource.kind] as (one: Resource, part: Part) => object)(resource, part)

type OfKind<K extends Kind> = Extract<Resource, { readonly kind: K }>

/** By kind, the fact of a resource that is as it should be. */
const facts: { readonly [K in Kind]: (resource: OfKind<K>, part: Part) => object } = {
  package: () => ({ version: '1' }),
  user: ({ home }) => ({ home }),
  directory: (directory) => ({ isFolder: true, ...ownershipOf(directory) }),
  tree: () => ({ is: 'whole' }),
  file: (file) => ({ ...ownershipOf(file), content: file.content }),
  symlink: ({ target }) => ({ target }),
  'kernel-setting': ({ value }) => ({ value, writable: true }),
  unit: (unit, part) =>
    unit.state === 'masked'
      ? { active: 'inactive', enabled: 'masked', activated: new Map() }
      : {
          active: 'active',
          enabled: 'enabled',
          activated: new Map([...activatedWith(part), [probeRow, fingerprintOfProbe(unit)]]),
        },
  command: ({ version }) => ({ versions: [version] }),
  slots: ({ slots: [first] }, part) => {
    const activated = new Map(activatedWith(part))
    return { [first.name]: { isActive: true, isRetiring: false, isEnabled: true, down: [], activated } }
  },
  condition: ({ wanted }) => ({ holds: true, ...(wanted !== undefined && { remembered: wanted }) }),
}

const ownershipOf = ({ mode, owner, group }: { mode: string; owner: string; group: string }) => ({ mode, owner, group })

const activatedWith = ({ resources }: Part): readonly (readonly [string, string])[] =>
  resources.flatMap((one) =>
    'onChange' in one && one.onChange !== undefined ? [[one.path, fingerprintOf(one)] as const] : [],
  )
