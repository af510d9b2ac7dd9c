import { isSameManifest, joinManifests, type Manifest, type Placed, thingOf } from '../resources/manifest.ts'
import { createHash } from 'node:crypto'
import { type Blueprint, manifestOf, type Part, stackPart } from '../blueprint/blueprint.ts'
import type { Observation } from '../observation/observation.ts'
import { type AnyKind, identityOf, kindOf, kinds } from '../resources/kinds.ts'
import type { Disturbance, Kind, Resource, Step } from '../resources/resource.ts'
import type { RemoveContext, Trigger } from '../resources/resource-kind.ts'
import type { Server } from '../stack/stack.ts'
import type { ComponentChange, ServerChange } from './plan.ts'

/** What the change of a server depends on beside its own blueprint. */
export interface Surroundings {
  /** Whether the stack stays, or all of it goes. */
  readonly staysUp: boolean
  /** See `RemoveContext.staying`. */
  readonly stayingFor: (server: Server) => RemoveContext['staying']
  /** Names of the components, in the order in which they are brought about; they go in the opposite order. */
  readonly order: readonly string[]
  /** Names of components that stop only after the others have been changed: see `Component.stopsAfterCallers`. */
  readonly stoppingAfterCallers: readonly string[]
  /** See `Component.isAuxiliary`. */
  readonly isAuxiliary: (component: string, server: Server) => boolean
}

/** The steps that make one server what its blueprint says; `undefined` when it already is. */
export function changeServer(
  blueprint: Blueprint,
  observation: Observation,
  surroundings: Surroundings,
): ServerChange | undefined {
  const { only } = blueprint
  const manifest = manifestAfter(blueprint, observation)
  const gone = goneFrom(manifest, observation.manifest)
  const stopsFirst = ({ kind, component }: Placed): boolean =>
    kindOf(kind).phase === 'run' && !surroundings.stoppingAfterCallers.includes(component)
  const closed = blueprint.parts.flatMap((part) => closePart(part, observation))
  // Old resources of a component that switches slots stay until that is done everywhere.
  const rolls = new Set(closed.filter(({ steps }) => steps.some(isSlotSwitch)).map(({ component }) => component))
  // Removed units stop first, so that their ports are free. Their files go last: until then others may use them.
  const changes = [
    ...removals(gone.filter(stopsFirst), blueprint.server, surroundings),
    ...closed,
    ...removals(
      gone.filter((one) => !stopsFirst(one)),
      blueprint.server,
      surroundings,
    ).map((one) => (rolls.has(one.component) ? { ...one, steps: one.steps.map(atTheEnd) } : one)),
  ]
    .map((one) => (only === undefined ? one : { ...one, steps: one.steps.filter((step) => only.has(thingOf(step))) }))
    .filter(({ steps }) => steps.length > 0)
    .map((one) =>
      surroundings.isAuxiliary(one.component, blueprint.server) ? { ...one, steps: one.steps.map(quiet) } : one,
    )
  const isRecorded = observation.isManifestForged !== true && isSameManifest(manifest, observation.manifest)
  if (changes.length === 0 && isRecorded) return undefined
  return {
    server: blueprint.server,
    changes,
    isNew: observation.manifest.length === 0,
    disturbs: disturbanceOf(changes),
    manifest,
    adopts: adoptedThings(blueprint, observation),
  }
}

const quiet = (step: Step): Step => ({ ...step, disturbs: 'nothing' })

const atTheEnd = (step: Step): Step => ({ ...step, phase: 'last' })

/** True where a service switches slots. */
export const isSlotSwitch = ({ action }: Step): boolean => action === 'switch slot'

/** Separates the steps that wait until everything else has succeeded on all servers. */
export function splitLast(change: ServerChange): { readonly rest?: ServerChange; readonly last?: ServerChange } {
  const pick = (isPicked: (step: Step) => boolean): ServerChange => {
    const changes = change.changes
      .map(({ component, steps }) => ({ component, steps: steps.filter(isPicked) }))
      .filter(({ steps }) => steps.length > 0)
    return { ...change, changes, disturbs: disturbanceOf(changes) }
  }
  const last = pick(({ phase }) => phase === 'last')
  if (last.changes.length === 0) return { rest: change }
  const rest = pick(({ phase }) => phase !== 'last')
  return { ...(rest.changes.length > 0 && { rest }), last }
}

/**
 * Splits off what may be done to all servers at once, because nobody notices: installing packages, unpacking what is only
 * used later, its copy of the stack state and, on servers that serve nobody yet, whatever starts nothing that serves.
 */
export function splitPreparation(
  change: ServerChange,
  placed: Manifest = [],
): {
  readonly prepare?: ServerChange
  readonly rest?: ServerChange
} {
  const isPreparation = ({ component, steps }: ComponentChange): boolean =>
    component === stackPart ||
    steps.every(({ kind, serves }) => kindOf(kind).unnoticed === 'all' || (change.isNew && serves !== true))
  const changes = change.changes.flatMap((one) => (isPreparation(one) ? [one] : splitUnpacking(one)))
  const unpacks = ({ steps }: ComponentChange): boolean => steps.every(isUnpacking)
  const preparing = changes.filter((one) => isPreparation(one) || unpacks(one))
  const remaining = changes.filter((one) => !preparing.includes(one))
  if (preparing.length === 0) return { rest: change }
  const manifest = remaining.length === 0 ? change.manifest : joinManifests(change.manifest, placed)
  const prepare: ServerChange = { ...change, changes: preparing, manifest, disturbs: 'nothing' }
  return remaining.length === 0 ? { prepare } : { prepare, rest: { ...change, changes: remaining } }
}

/** The folders and archives of a component's change, apart from what then makes use of them. */
function splitUnpacking({ component, steps }: ComponentChange): readonly ComponentChange[] {
  const parts = [steps.filter(isUnpacking), steps.filter((step) => !isUnpacking(step))]
  return parts.filter((some) => some.length > 0).map((some) => ({ component, steps: some }))
}

const isUnpacking = ({ kind, action, phase }: Step): boolean =>
  phase === 'ahead' || (kindOf(kind).unnoticed === 'create' && action === 'create')

/**
 * Splits off what restarts something that serves. All servers of a tier are told of each other before that, and new ones
 * have joined, so that others can stand in.
 */
export function splitRestarts(change: ServerChange): {
  readonly gentle?: ServerChange
  readonly restarts?: ServerChange
} {
  const isRestart = ({ steps }: ComponentChange): boolean => steps.some(({ disturbs }) => disturbs === 'restart')
  // What comes after a component's restart stays after it: the files of one that stops for good, its pre-remove program among them.
  const restarting = change.changes.filter(
    (one, position) =>
      isRestart(one) ||
      change.changes.slice(0, position).some((before) => before.component === one.component && isRestart(before)),
  )
  const remaining = change.changes.filter((one) => !restarting.includes(one))
  if (restarting.length === 0) return { gentle: change }
  const restarts: ServerChange = { ...change, changes: restarting }
  if (remaining.length === 0) return { restarts }
  return { gentle: { ...change, changes: remaining, disturbs: disturbanceOf(remaining) }, restarts }
}

/** Conditions that restart something come apart from the rest: nothing is rolled back when one cannot be made true. */
function closePart(part: Part, observation: Observation): readonly ComponentChange[] {
  const { component } = part
  const closePhase = (phase: AnyKind['phase'], triggers: readonly Trigger[] = []): readonly Step[] =>
    kinds.filter((kind) => kind.phase === phase).flatMap(({ kind }) => closeKind(kind, part, observation, triggers))
  const others = closePhase('place')
  const changing = new Set(others.map(({ name }) => name))
  const triggers = [...triggersOf(part.resources, changing), ...repairedOf(part.resources, others, observation)]
  const units = closePhase('run', triggers)
  const conditions = closePhase('confirm')
  const restarts = conditions.filter(({ disturbs }) => disturbs === 'restart')
  const steps = [...others, ...units, ...conditions.filter((step) => !restarts.includes(step))]
  return [
    { component, steps },
    { component, steps: restarts },
  ]
}

function closeKind(kind: Kind, part: Part, observation: Observation, triggers: readonly Trigger[]): readonly Step[] {
  const desired = part.resources.filter((resource) => resource.kind === kind)
  if (desired.length === 0) return []
  return kindOf(kind).close(desired, observation.resources.get(kind) ?? new Map(), { triggers })
}

function triggersOf(resources: readonly Resource[], changing: ReadonlySet<string>): readonly Trigger[] {
  return resources.flatMap((resource) => {
    if (!('onChange' in resource) || resource.onChange === undefined) return []
    const { path, onChange } = resource
    return [{ path, onChange, fingerprint: fingerprintOf(resource), changing: changing.has(path) }]
  })
}

/** What runs from a tree that is put right may have read what somebody had put there, or work in a folder that is no more. */
function repairedOf(
  resources: readonly Resource[],
  steps: readonly Step[],
  { manifest }: Observation,
): readonly Trigger[] {
  const run = new Set(resources.flatMap((one) => ('isRun' in one && one.isRun ? [identityOf(one)] : [])))
  const placed = new Set(manifest.map(thingOf))
  const isMended = (step: Step): boolean =>
    step.action === 'change' || (step.action === 'create' && placed.has(thingOf(step)))
  return steps
    .filter((step) => run.has(thingOf(step)) && isMended(step))
    .map(({ name }) => ({ path: name, fingerprint: '', onChange: 'restart', changing: true }))
}

/** What a unit remembers of a file that it was started or reloaded with. */
export function fingerprintOf(resource: Resource): string {
  return createHash('sha256').update(JSON.stringify(resource)).digest('hex').slice(0, 16)
}

/** What is placed once it is done: where only some things may change, all others stay listed as they were. */
function manifestAfter(blueprint: Blueprint, { manifest: placed }: Observation): Manifest {
  const { only } = blueprint
  const wanted = manifestOf(blueprint)
  if (only === undefined) return wanted
  return joinManifests(
    placed.filter((one) => !only.has(thingOf(one))),
    wanted.filter((one) => only.has(thingOf(one))),
  )
}

/** What the manifest lists and the blueprint no longer wants. */
function goneFrom(wanted: Manifest, placed: Manifest): Manifest {
  const keep = new Set(wanted.map(thingOf))
  return placed.filter((one) => !keep.has(thingOf(one)))
}

/** The last kind first, and what lies deeper before what holds it. */
function removals(gone: Manifest, server: Server, surroundings: Surroundings): readonly ComponentChange[] {
  const byComponent = Map.groupBy(gone, ({ component }) => component)
  const staying = surroundings.stayingFor(server)
  const context: RemoveContext = staying === undefined ? {} : { staying }
  const positionOf = (component: string): number => surroundings.order.indexOf(component)
  const lastFirst = [...byComponent].toSorted(([a], [b]) => positionOf(b) - positionOf(a))
  return lastFirst.map(([component, entries]) => ({
    component,
    steps: kinds.toReversed().flatMap((one) =>
      entries
        .filter(({ kind }) => kind === one.kind)
        .toSorted((a, b) => b.name.length - a.name.length)
        .flatMap(({ name }) => one.remove?.(name, context) ?? []),
    ),
  }))
}

/** What stands there already, and was not placed by Trimaran: it is kept aside. */
function adoptedThings({ parts, only }: Blueprint, { manifest, resources }: Observation): readonly string[] {
  const placed = new Set(manifest.map(thingOf))
  return parts
    .flatMap((part) => part.resources)
    .map((resource) => ({ kind: resource.kind, name: kindOf(resource.kind).name(resource) }))
    .filter(({ kind }) => kindOf(kind).isKeptAside === true)
    .filter((thing) => only === undefined || only.has(thingOf(thing)))
    .filter((thing) => resources.get(thing.kind)?.has(thing.name) === true && !placed.has(thingOf(thing)))
    .map(({ name }) => name)
}

const strength: Readonly<Record<Disturbance, number>> = { nothing: 0, reload: 1, restart: 2 }

const disturbanceOf = (changes: readonly ComponentChange[]): Disturbance =>
  strongest(changes.flatMap(({ steps }) => steps.map(({ disturbs }) => disturbs)))

function strongest(all: readonly Disturbance[]): Disturbance {
  return all.reduce((worst, one) => (strength[one] > strength[worst] ? one : worst), 'nothing')
}
