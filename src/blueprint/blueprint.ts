import { type Component, gatherAppVariables, type RenderContext, type ServerContext } from '../components/component.ts'
import { identityOf, kindOf } from '../resources/kinds.ts'
import { joinManifests, type Manifest } from '../resources/manifest.ts'
import type { Resource } from '../resources/resource.ts'
import { isOwnResource } from '../components/index.ts'
import { stateFolder } from '../resources/state-folder.ts'
import { isDrained } from '../stack/stack-state.ts'
import { sealOf, writeStackState } from '../stack/stack-state-copy.ts'
import type { Server } from '../stack/stack.ts'
import { looseGround } from './firm-ground.ts'

/** What one component wants on one server. */
export interface Part {
  readonly component: string
  readonly resources: readonly Resource[]
}

/** The exact desired state of one server, in the order in which it is brought about. */
export interface Blueprint {
  readonly server: Server
  readonly parts: readonly Part[]
  /** Tells which stack key its passwords derive from; absent where nothing is wanted. */
  readonly keyFingerprint?: string
  /** True where the server is drained: a leader there hands over. */
  readonly isDrained?: boolean
  /** The only things that may be changed, by identity: all else stays as it is on the server, and in its manifest. */
  readonly only?: ReadonlySet<string>
  /** Of a server that leaves the stack: what it is before that, drained. */
  readonly aside?: Blueprint
}

/** The part that holds every component's packages: they are installed together, before anything is configured. */
export const packagesPart = 'packages'

/** The part that says to which stack a server belongs, and what operators told that stack. */
export const stackPart = 'stack'

/** The file that says which stack a server belongs to, and with which key it was set up. */
export const stackMarkerPath = `${stateFolder}/stack`

/** A server's copy of the stack state. */
export const stackStatePath = `${stateFolder}/state.json`

/** Merges what all components want on a server. Two components that want the same thing, and a place that is not root's alone, are defects and throw. */
export function createBlueprint(components: readonly Component[], given: ServerContext): Blueprint {
  const context: RenderContext = { ...given, appVariables: gatherAppVariables(components, given) }
  const { server, stack } = context
  const present = components.filter((component) => component.belongsOn(server, stack))
  const rendered = present.map((component) => ({
    component: component.name,
    resources: [
      ...component.packages.map((name): Resource => ({ kind: 'package', name })),
      ...component.render(context),
    ],
  }))
  const parts = [packagesOf(rendered), markerPart(context), ...rendered.map(withoutPackages)].filter(
    ({ resources }) => resources.length > 0,
  )
  refuseDuplicates(server, parts)
  refuseLooseGround(server, parts)
  refuseForeignResources(server, parts)
  return {
    server,
    parts,
    keyFingerprint: keyFingerprintFrom(context.secret),
    ...(isDrained(context.stackState, server.name) && { isDrained: true }),
  }
}

/** Nothing is wanted on a server that is no longer part of the stack. */
export const emptyBlueprint = (server: Server): Blueprint => ({ server, parts: [] })

/**
 * A server that leaves a stack that stays. Before it is cleared it is what it was, but drained; of the stack state it keeps the
 * copy that all have. The context's stack is the one with it.
 */
export function leavingBlueprint(components: readonly Component[], context: ServerContext): Blueprint {
  const { server, stackState } = context
  const drained = { ...stackState, drained: [...new Set([...stackState.drained, server.name])] }
  const aside = createBlueprint(components, { ...context, stackState: drained })
  const parts = aside.parts.map((part) => (part.component === stackPart ? markerPart(context) : part))
  return { ...emptyBlueprint(server), aside: { ...aside, parts } }
}

/** What the manifest of a server lists once it is as the blueprint wants it. */
export const manifestOf = ({ parts }: Blueprint): Manifest =>
  joinManifests(
    parts.flatMap(({ component, resources }) =>
      resources
        .filter(isPlaced)
        .map((resource) => ({ component, kind: resource.kind, name: kindOf(resource.kind).name(resource) })),
    ),
  )

/** Whether Trimaran puts it there, and so takes it away once it is no longer declared. */
function isPlaced(resource: Resource): boolean {
  const kind = kindOf(resource.kind)
  return kind.remove !== undefined && kind.isPlaced?.(resource) !== false
}

function packagesOf(rendered: readonly Part[]): Part {
  const packages = rendered.flatMap(({ resources }) => resources.filter(isShared))
  return {
    component: packagesPart,
    resources: [...new Map(packages.map((resource) => [identityOf(resource), resource])).values()],
  }
}

/** The same for the same stack key, and of no use for finding it. */
export const keyFingerprintFrom = (secret: ServerContext['secret']): string =>
  secret('fingerprint of the key').slice(0, 16)

function markerPart({ stack, secret, stackState }: ServerContext): Part {
  const content = `${stack.name}\n${keyFingerprintFrom(secret)}\n`
  const file = { kind: 'file', owner: 'root', group: 'root', mode: '0600' } as const
  return {
    component: stackPart,
    resources: [
      { ...file, path: stackMarkerPath, content, secret: true },
      { ...file, path: stackStatePath, content: writeStackState(stackState, sealOf(stack, secret)) },
    ],
  }
}

const isShared = ({ kind }: Resource): boolean => kindOf(kind).isShared === true

const withoutPackages = (part: Part): Part => ({
  ...part,
  resources: part.resources.filter((resource) => !isShared(resource)),
})

/** What a manifest may not list would never be taken away again. */
function refuseForeignResources(server: Server, parts: readonly Part[]): void {
  const strange = parts
    .flatMap(({ resources }) => resources.filter(isPlaced))
    .find((resource) => !isOwnResource(resource.kind, kindOf(resource.kind).name(resource)))
  if (strange !== undefined)
    throw new Error(`${server.name}: ${identityOf(strange)} is not among what its component owns`)
}

function refuseDuplicates(server: Server, parts: readonly Part[]): void {
  const owners = new Map<string, string>()
  for (const { component, resources } of parts) {
    for (const identity of resources.map(identityOf)) {
      const other = owners.get(identity)
      if (other !== undefined) throw new Error(`${server.name}: ${other} and ${component} both want ${identity}`)
      owners.set(identity, component)
    }
  }
}

function refuseLooseGround(server: Server, parts: readonly Part[]): void {
  const all = parts.flatMap(({ resources }) => resources)
  for (const resource of all) {
    const why = looseGround(resource, all)
    if (why !== undefined) throw new Error(`${server.name}: ${identityOf(resource)} cannot stand there: ${why}`)
  }
}
