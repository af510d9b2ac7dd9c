import { type Blueprint, manifestOf } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { type Answer, isObservation, type Observation } from '../observation/observation.ts'
import type { Server, Stack } from '../stack/stack.ts'
import { changeServer, joined, splitLast, splitPreparation, type Surroundings } from './change-server.ts'
import { findHeirs, leads } from './hand-over.ts'
import { findHolders } from './hold.ts'
import { type Leaver, leavingWaves } from './leaving.ts'
import type { Candidate, Plan, ServerChange, Skipped, Wave } from './plan.ts'
import { findRefusals } from './refusals.ts'
import { tierOrder } from './tier-order.ts'
import { warnOfOutages } from './warnings.ts'
import { farewellToAll, leaverWaves, stepAsideWaves, tierWaves, waveOf } from './waves.ts'

/**
 * `careful`: one server of a tier first, then the others. `at once`: all of them, for a release that is known to be well;
 * where something restarts, that is not done at once all the same.
 */
export type Pace = 'careful' | 'at once'

/**
 * The difference between what is wanted and what servers say, as exact steps in safe waves. Deterministic: the same
 * blueprints and answers give the same plan.
 *
 * What nobody notices comes first, on all servers at once: packages, and whatever new servers need before they serve.
 * Then tier after tier, whoever is called before those who call: servers that serve nobody yet together; of those that
 * serve, one first, then the others, and the one that leads its tier last. Servers whose change restarts something go
 * one by one. Servers that left the stack step aside before anything else, and are cleared at the end.
 */
export function createPlan(
  stack: Stack,
  blueprints: readonly Blueprint[],
  answers: ReadonlyMap<string, Answer>,
  components: readonly Component[],
  pace: Pace = 'careful',
): Plan {
  const observed = blueprints.flatMap((blueprint) => {
    const answer = answers.get(blueprint.server.name)
    return answer !== undefined && isObservation(answer) ? [{ blueprint, observation: answer }] : []
  })
  const staysUp = blueprints.some(({ parts }) => parts.length > 0)
  const surroundings: Surroundings = {
    order: components.map(({ name }) => name),
    lingering: components.filter(({ lingers }) => lingers === true).map(({ name }) => name),
    ...(staysUp && { staying: stack.servers.map(({ name }) => name) }),
  }
  const changes = observed.flatMap(({ blueprint, observation }) => {
    const change = changeServer(blueprint, withAside(blueprint, observation), surroundings)
    return change === undefined ? [] : [{ change, observation }]
  })
  const wanted = new Set(blueprints.filter(({ parts }) => parts.length > 0).map(({ server }) => server.name))
  const ending = changes.map((candidate) => splitCandidate(candidate, staysUp))
  const lasting = ending.flatMap(({ last }) => last ?? [])
  const split = ending.flatMap(({ rest: change, observation }) =>
    change === undefined
      ? []
      : // Who leaves has nothing to prepare: it knows whose it is until all of it is gone.
        [
          {
            ...(wanted.has(change.server.name) ? splitPreparation(change, observation.manifest) : { rest: change }),
            observation,
          },
        ],
  )
  const preparing = split.flatMap(({ prepare }) => (prepare === undefined ? [] : [prepare]))
  const rest = split.flatMap(({ rest: change, observation }) => (change === undefined ? [] : [{ change, observation }]))
  const stepping = observed
    .filter(({ blueprint, observation }) => blueprint.isDrained === true && leads(observation))
    .map(({ blueprint: { server }, observation }) => ({
      change: rest.find(({ change }) => change.server.name === server.name)?.change ?? unchanged(server, observation),
      observation,
    }))
  const steps = (candidate: Candidate): boolean =>
    stepping.some(({ change }) => change.server.name === candidate.change.server.name)
  const isMember = ({ change }: Candidate): boolean => wanted.has(change.server.name)
  const members = rest.filter((candidate) => isMember(candidate) && !steps(candidate))
  const leavers = rest.filter((candidate) => !isMember(candidate))
  const leaving = leavers.flatMap((candidate): readonly Leaver[] => {
    const { server } = candidate.change
    const aside = observed.find(({ blueprint }) => blueprint.server.name === server.name)?.blueprint.aside
    if (aside === undefined) return []
    const { observation } = candidate
    return [{ ...candidate, aside: changeServer(aside, observation, surroundings) ?? unchanged(server, observation) }]
  })
  const heirsOf = findHeirs(stack, answers)
  const present = observed.map(({ blueprint: { server }, observation }) => ({
    change: changes.find(({ change }) => change.server.name === server.name)?.change ?? unchanged(server, observation),
    observation,
  }))
  const holdersOf = findHolders(stack, present)
  const context = { stack, heirsOf, holdersOf }
  const isGentle =
    leavers.length === 0 && stepping.length === 0 && members.every(({ change }) => change.disturbs !== 'restart')
  const together = ending.flatMap(({ rest: whole }) => whole ?? [])
  const turns: readonly Wave[] =
    pace === 'at once' && isGentle
      ? waveOf('all at once', together)
      : [
          ...waveOf('preparation', preparing),
          ...leavingWaves(leaving, { ...context, components, present }),
          ...tierOrder(stack).flatMap((tier) => [
            ...tierWaves(tier, members, context),
            ...stepping
              .filter(({ change }) => change.server.tier === tier)
              .flatMap((candidate) => stepAsideWaves(tier, candidate, context)),
          ]),
          ...(staysUp ? leaverWaves(leavers) : farewellToAll(leavers, tierOrder(stack))),
        ]
  const waves = [...turns, ...lastWave(lasting)]
  const refusals = findRefusals(stack, blueprints, answers, components)
  const refused = new Set(refusals.map(({ server }) => server))
  return {
    stack: stack.name,
    waves,
    skipped: skippedServers(blueprints, answers).filter(({ server }) => !refused.has(server)),
    refusals,
    warnings: staysUp ? warnOfOutages(stack, waves, answers) : [],
    remarks: waves.length === 0 ? [] : components.flatMap((component) => component.remarks?.(stack) ?? []),
  }
}

/** What a server that leaves gets placed before it goes is taken away with the rest. */
function withAside({ aside }: Blueprint, observation: Observation): Observation {
  if (aside === undefined) return observation
  return { ...observation, manifest: [...new Set([...observation.manifest, ...manifestOf(aside)])].toSorted() }
}

/** A server as it is, for what is done there beside what the file says. */
const unchanged = (server: Server, { manifest }: Observation): ServerChange => ({
  server,
  changes: [],
  isNew: false,
  disturbs: 'nothing',
  manifest,
  adopts: [],
})

const lastWave = (changes: readonly ServerChange[]): readonly Wave[] =>
  waveOf('what is needed no more', changes).map((wave) => ({ ...wave, isLast: true }))

interface Ending {
  readonly rest?: ServerChange
  readonly last?: ServerChange
  readonly observation: Observation
}

/** A server that leaves is cleared in one go. Of others, what is gone stays in the manifest until it is taken away. */
function splitCandidate({ change, observation }: Candidate, staysUp: boolean): Ending {
  if (!staysUp || change.manifest.length === 0) return { rest: change, observation }
  const { rest, last } = splitLast(change)
  if (last === undefined || rest === undefined) return { rest, last, observation } as Ending
  return { rest: { ...rest, manifest: joined(change.manifest, observation.manifest) }, last, observation }
}

function skippedServers(blueprints: readonly Blueprint[], answers: ReadonlyMap<string, Answer>): readonly Skipped[] {
  return blueprints.flatMap(({ server }) => {
    const answer = answers.get(server.name)
    if (answer === undefined) return [{ server: server.name, why: 'was not asked' }]
    return isObservation(answer) ? [] : [{ server: server.name, why: answer.unreachable }]
  })
}
