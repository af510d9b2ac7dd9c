import type { Blueprint } from '../blueprint/blueprint.ts'
import { stackStatePath, stackMarkerPath } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { kindOf, kinds } from '../resources/kinds.ts'
import type { Kind, Resource } from '../resources/resource.ts'
import { applyLockPath, makeRunFolder } from '../resources/run-folder.ts'
import { manifestPath, unfinishedPath } from '../resources/state-folder.ts'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { type StackStateSeal, readStackState } from '../stack/stack-state-copy.ts'
import { peersOf, type Server, type Stack } from '../stack/stack.ts'
import { createDoubts } from './doubts.ts'
import { askFramed, readFramed, type Section, waitingLine } from './frame.ts'
import { askAddressHolder, askHost } from './host-facts.ts'
import { askLockMark } from './lock-mark.ts'
import type { Observation } from './observation.ts'
import { readHealth } from './read-health.ts'
import { readHost, readLockMark, readMarker, readUnfinished } from './read-host.ts'
import { readManifest } from './read-manifest.ts'
import { readFacts } from './validate-facts.ts'
import { askUnitFiles, readUnitFiles } from './unit-files.ts'

/** What a server is asked for. */
export interface Question {
  readonly blueprint: Blueprint
  readonly components: readonly Component[]
  readonly stack: Stack
  /** Random, and different for each question: an answer to another question is rejected. */
  readonly mark: string
  /** Whether it also checks what nothing uses now, which takes longer. */
  readonly isThorough?: boolean
}

/**
 * The one script that asks a server for all that a plan or a status needs: facts of the server, which of the desired resources
 * exist, what Trimaran placed there, and the health of each component. It waits some seconds for an apply that still runs: a
 * plan must not ask in the middle of an apply, but a status must always get an answer. While it waits, it prints a line each second.
 */
export const queryServer = (question: Question, patienceSeconds = 90): Shell =>
  lines([
    sh`
      exec 2>/dev/null
      ${makeRunFolder}
      exec 9>${applyLockPath}
      for second in $(seq ${patienceSeconds}); do
        flock --wait 1 9 && break
        echo ${waitingLine(question.mark)}
      done
      exec 9>&-
    `,
    askFramed(sectionsOf(question), question.mark),
  ])

/**
 * Reads the answer to `queryServer`. The answer is untrusted data: what does not fit its schema is reported and not
 * used. This never throws. @returns why all of it is rejected, where it is not an answer to that question.
 */
export function readServer(
  answer: string,
  question: Question,
  seal: StackStateSeal,
): Observation | { readonly refused: string } {
  const { blueprint, components, stack, mark } = question
  const { server } = blueprint
  const names = sectionsOf(question).map(({ name }) => name)
  const answers = readFramed(answer, names, mark)
  if ('refused' in answers) return answers
  const said = (name: string): string => answers.get(name)!
  const { doubt, told: doubts } = createDoubts()
  const host = readHost(said('host'), server.address, doubt)
  if ('refused' in host) return host
  const copy = readStackState(said('stackState'), seal)
  const told = copy !== undefined && 'stackState' in copy ? copy.stackState : { drained: [] }
  const asked = groupByKind(blueprint)
  const observation = {
    host,
    ...readManifest(said('manifest'), doubt),
    ...readLockMark(said('lock'), doubt),
    ...readMarker(said('stack'), doubt),
    ...readUnfinished(said('unfinished'), doubt),
    ...(copy !== undefined && ('stackState' in copy ? copy : { refusedStackState: copy.refused })),
    unitFiles: readUnitFiles(said('unit-files')),
    resources: new Map(
      kinds.map(({ kind }) => {
        const resources = asked.get(kind)
        return [kind, resources === undefined ? new Map() : readFacts(kind, said(`kind:${kind}`), resources, doubt)]
      }),
    ),
    health: new Map(
      presentOn(server, components, stack).map((component) => [
        component.name,
        readHealth(
          component,
          () => component.health.read(said(`health:${component.name}`), server, stack, told),
          doubt,
        ),
      ]),
    ),
  }
  return { ...observation, ...(doubts().length > 0 && { doubts: doubts() }) }
}

function sectionsOf({ blueprint, components, stack, isThorough }: Question): readonly Section[] {
  const { server } = blueprint
  return [
    { name: 'lock', question: askLockMark() },
    { name: 'host', question: lines([askHost(), askVirtualAddress(server, stack)]) },
    { name: 'unfinished', question: sh`head -c 1000 ${unfinishedPath} || true` },
    { name: 'manifest', question: sh`cat ${manifestPath} || true` },
    { name: 'stack', question: sh`cat ${stackMarkerPath} || true` },
    { name: 'stackState', question: sh`cat ${stackStatePath} || true` },
    { name: 'unit-files', question: askUnitFiles(blueprint) },
    ...[...groupByKind(blueprint)].map(([kind, resources]) => ({
      name: `kind:${kind}`,
      question: kindOf(kind).ask(resources, isThorough),
    })),
    ...presentOn(server, components, stack).map(({ name, health }) => ({
      name: `health:${name}`,
      question: health.ask(server, stack),
    })),
  ]
}

/** Who holds the address is known only where VRRP moves it. */
function askVirtualAddress(server: Server, stack: Stack): Shell {
  const { virtualAddress } = stack
  if (server.tier !== 'balancer' || virtualAddress === undefined || virtualAddress.move !== undefined) return sh``
  return askAddressHolder(
    virtualAddress.address,
    peersOf(stack, server).map(({ address }) => address),
  )
}

function presentOn(server: Server, components: readonly Component[], stack: Stack): readonly Component[] {
  return components.filter((component) => component.belongsOn(server, stack))
}

function groupByKind(blueprint: Blueprint): ReadonlyMap<Kind, readonly Resource[]> {
  return Map.groupBy(
    blueprint.parts.flatMap(({ resources }) => resources),
    ({ kind }) => kind,
  )
}
