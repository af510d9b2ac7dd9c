import type { Blueprint } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { findRefusals } from '../preflight/find-refusals.ts'
import { warnOfDoubts, warnOfForeignFiles } from '../preflight/find-warnings.ts'
import { hasTier, type Stack } from '../stack/stack.ts'
import type { Surroundings } from './change-server.ts'
import { findCandidates } from './hand-over.ts'
import { findPausers } from './pause.ts'
import { drainRemovedWaves } from './removed-servers.ts'
import type { Plan, ServerChange, Skipped, Wave } from './plan.ts'
import { sortCandidates } from './sort-servers.ts'
import { dependencyOrder } from './dependency-order.ts'
import { warnOfOutages } from './warnings.ts'
import { removeTogether, removalWaves, stepAsideWaves, tierWaves, waveOf } from './waves.ts'

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
 * Then tier after tier, whoever is called before those who call: servers that serve nobody yet together, after one of them where
 * they start something that runs nowhere yet; of those that serve, one first, then the others, and the one that leads its tier last. Servers whose change restarts something go
 * one by one. Servers that left the stack step aside before anything else, and are cleared at the end.
 */
export function createPlan(
  stack: Stack,
  blueprints: readonly Blueprint[],
  answers: Answers,
  components: readonly Component[],
  pace: Pace = 'careful',
): Plan {
  const observed = blueprints.flatMap((blueprint) => {
    const answer = answers.get(blueprint.server.name)
    return answer !== undefined && isObservation(answer) ? [{ blueprint, observation: answer }] : []
  })
  const staysUp = blueprints.some(({ parts }) => parts.length > 0)
  const names = stack.servers.map(({ name }) => name)
  const surroundings: Surroundings = {
    staysUp,
    // Where all of a tier goes, nobody is left to take anything over.
    stayingFor: ({ tier }) => (staysUp && hasTier(stack, tier) ? names : undefined),
    order: components.map(({ name }) => name),
    isAuxiliary: (component, server) =>
      components.find(({ name }) => name === component)?.isAuxiliary?.(server) === true,
    stoppingAfterCallers: components
      .filter(({ stopsAfterCallers }) => stopsAfterCallers === true)
      .map(({ name }) => name),
  }
  const { preparing, members, stepping, removed, draining, lasting, together, present } = sortCandidates(
    observed,
    surroundings,
  )
  const candidatesFor = findCandidates(stack, answers)
  const pausersOf = findPausers(stack, present, components)
  const context = { stack, components, candidatesFor, pausersOf, present }
  const isGentle =
    removed.length === 0 && stepping.length === 0 && members.every(({ change }) => change.disturbs !== 'restart')
  const byTier: readonly Wave[] =
    pace === 'at once' && isGentle
      ? waveOf('all at once', together)
      : [
          ...waveOf('preparation', preparing),
          ...drainRemovedWaves(draining, context),
          ...dependencyOrder(stack).flatMap((tier) => [
            ...tierWaves(tier, members, context),
            ...stepping
              .filter(({ change }) => change.server.tier === tier)
              .flatMap((serverPlan) => stepAsideWaves(tier, serverPlan, context)),
          ]),
          ...(staysUp ? removalWaves(removed, components) : removeTogether(removed, dependencyOrder(stack))),
        ]
  const waves = [...byTier, ...lastWave(lasting)]
  const refusals = findRefusals(stack, blueprints, answers, components)
  const refused = new Set(refusals.map(({ server }) => server))
  return {
    stack: stack.name,
    waves,
    unreachable: skippedServers(blueprints, answers).filter(({ server }) => !refused.has(server)),
    refusals,
    warnings: [
      ...warnOfDoubts(answers),
      ...(staysUp ? [...warnOfOutages(stack, waves, answers), ...warnOfForeignFiles(stack, answers)] : []),
    ],
    remarks: waves.length === 0 ? [] : components.flatMap((component) => component.remarks?.(stack) ?? []),
  }
}

const lastWave = (changes: readonly ServerChange[]): readonly Wave[] =>
  waveOf('clean up', changes).map((wave) => ({ ...wave, isLast: true }))

function skippedServers(blueprints: readonly Blueprint[], answers: Answers): readonly Skipped[] {
  return blueprints.flatMap(({ server }) => {
    const answer = answers.get(server.name)
    if (answer === undefined) return [{ server: server.name, why: 'was not asked' }]
    return isObservation(answer) ? [] : [{ server: server.name, why: answer.unreachable }]
  })
}
