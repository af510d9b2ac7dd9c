import { createHash } from 'node:crypto'
import { type Blueprint, manifestOf, type Part } from '../blueprint/blueprint.ts'
import type { Observation } from '../observation/observation.ts'
import { kindOf, kinds } from '../resources/kinds.ts'
import type { Disturbance, File, Kind, Resource, Step, Trigger } from '../resources/resource.ts'
import type { ComponentChange, ServerChange } from './plan.ts'

/** The steps that make one server what its blueprint says; `undefined` when it already is. */
export function changeServer(blueprint: Blueprint, observation: Observation): ServerChange | undefined {
  const manifest = manifestOf(blueprint)
  const changes = [
    ...removals(manifest, observation.manifest),
    ...blueprint.parts.map((part) => ({ component: part.component, steps: closePart(part, observation) })),
  ].filter(({ steps }) => steps.length > 0)
  const isRecorded = manifest.join('\n') === observation.manifest.join('\n')
  if (changes.length === 0 && isRecorded) return undefined
  return {
    server: blueprint.server,
    changes,
    isNew: observation.manifest.length === 0,
    disturbs: strongest(changes.flatMap(({ steps }) => steps.map(({ disturbs }) => disturbs))),
    manifest,
    adopts: adoptedFiles(blueprint, observation),
  }
}

/**
 * Splits off what may be done to all servers at once, because nobody notices: installing packages and, on servers that
 * serve nobody yet, whatever starts nothing that serves.
 */
export function splitPreparation(change: ServerChange): { readonly prepare?: ServerChange; readonly rest?: ServerChange } {
  const isPreparation = ({ steps }: ComponentChange): boolean =>
    steps.every(({ kind, serves }) => kind === 'package' || (change.isNew && serves !== true))
  const preparing = change.changes.filter(isPreparation)
  const remaining = change.changes.filter((one) => !isPreparation(one))
  if (preparing.length === 0) return { rest: change }
  const prepare: ServerChange = { ...change, changes: preparing, disturbs: 'nothing' }
  return remaining.length === 0 ? { prepare } : { prepare, rest: { ...change, changes: remaining } }
}

function closePart(part: Part, observation: Observation): readonly Step[] {
  const others = kinds.filter(({ kind }) => kind !== 'unit').flatMap(({ kind }) => closeKind(kind, part, observation, []))
  const changing = new Set(others.map(({ name }) => name))
  return [...others, ...closeKind('unit', part, observation, triggersOf(part.resources, changing))]
}

function closeKind(
  kind: Kind,
  part: Part,
  observation: Observation,
  triggers: readonly Trigger[],
): readonly Step[] {
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

function fingerprintOf(resource: Resource): string {
  return createHash('sha256').update(JSON.stringify(resource)).digest('hex').slice(0, 16)
}

/** What the manifest lists and the blueprint no longer wants, the last kind first: units stop before their files go. */
function removals(wanted: readonly string[], placed: readonly string[]): readonly ComponentChange[] {
  const keep = new Set(wanted.map(withoutComponent))
  const gone = placed.filter((line) => !keep.has(withoutComponent(line))).map(readManifestLine)
  const byComponent = Map.groupBy(gone, ({ component }) => component)
  return [...byComponent].map(([component, entries]) => ({
    component,
    steps: kinds
      .toReversed()
      .flatMap(({ kind, remove }) =>
        entries.filter((entry) => entry.kind === kind).flatMap((entry) => (remove === undefined ? [] : [remove(entry.name)])),
      ),
  }))
}

const withoutComponent = (line: string): string => line.slice(line.indexOf(' ') + 1)

function readManifestLine(line: string): { component: string; kind: string; name: string } {
  const [component = '', kind = '', ...name] = line.split(' ')
  return { component, kind, name: name.join(' ') }
}

function adoptedFiles(blueprint: Blueprint, observation: Observation): readonly string[] {
  const placed = new Set(observation.manifest.map(withoutComponent))
  const present = observation.resources.get('file') ?? new Map<string, unknown>()
  return blueprint.parts
    .flatMap(({ resources }) => resources)
    .filter((resource): resource is File => resource.kind === 'file')
    .filter(({ path }) => present.has(path) && !placed.has(`file ${path}`))
    .map(({ path }) => path)
}

const strength: Readonly<Record<Disturbance, number>> = { nothing: 0, reload: 1, restart: 2 }

function strongest(all: readonly Disturbance[]): Disturbance {
  return all.reduce((worst, one) => (strength[one] > strength[worst] ? one : worst), 'nothing')
}
