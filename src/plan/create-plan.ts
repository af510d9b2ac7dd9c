import type { Blueprint } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { type Answer, isObservation, type Observation } from '../observation/observation.ts'
import type { Server, Stack, TierName } from '../stack/stack.ts'
import { changeServer, splitPreparation } from './change-server.ts'
import type { Plan, ServerChange, Skipped, Wave } from './plan.ts'
import { findRefusals } from './refusals.ts'
import { tierOrder } from './tier-order.ts'
import { warnOfOutages } from './warnings.ts'

/**
 * The difference between what is wanted and what servers say, as exact steps in safe waves. Deterministic: the same
 * blueprints and answers give the same plan.
 *
 * What nobody notices comes first, on all servers at once: packages, and whatever new servers need before they serve. Then tier after tier, whoever is called before those who call: servers
 * that serve nobody yet together; of those that serve, one first, then the others, and the one that leads its tier
 * last. Servers whose change restarts something go one by one. Servers that left the stack are cleared at the end.
 */
export function createPlan(
  stack: Stack,
  blueprints: readonly Blueprint[],
  answers: ReadonlyMap<string, Answer>,
  components: readonly Component[],
): Plan {
  const observed = blueprints.flatMap((blueprint) => {
    const answer = answers.get(blueprint.server.name)
    return answer !== undefined && isObservation(answer) ? [{ blueprint, observation: answer }] : []
  })
  const changes = observed.flatMap(({ blueprint, observation }) => {
    const change = changeServer(blueprint, observation)
    return change === undefined ? [] : [{ change, observation }]
  })
  const split = changes.map(({ change, observation }) => ({ ...splitPreparation(change), observation }))
  const preparing = split.flatMap(({ prepare }) => (prepare === undefined ? [] : [prepare]))
  const rest = split.flatMap(({ rest: change, observation }) => (change === undefined ? [] : [{ change, observation }]))
  const isMember = ({ change }: Candidate): boolean => stack.servers.some(({ name }) => name === change.server.name)
  const members = rest.filter(isMember)
  const leavers = rest.filter((candidate) => !isMember(candidate)).map(({ change }) => change)
  const waves = [
    ...waveOf('preparation', preparing),
    ...tierOrder(stack).flatMap((tier) => tierWaves(tier, members)),
    ...waveOf('servers that left the stack', leavers),
  ]
  return {
    stack: stack.name,
    waves,
    skipped: skippedServers(blueprints, answers),
    refusals: findRefusals(stack, blueprints, answers, components),
    warnings: warnOfOutages(stack, waves, answers),
  }
}

interface Candidate {
  readonly change: ServerChange
  readonly observation: Observation
}

function tierWaves(tier: TierName, members: readonly Candidate[]): readonly Wave[] {
  const here = members.filter(({ change }) => change.server.tier === tier)
  const fresh = here.filter(({ change, observation }) => change.disturbs === 'nothing' && !leads(observation))
  const serving = here.filter((candidate) => !fresh.includes(candidate))
  const gentle = serving.filter(({ change, observation }) => change.disturbs !== 'restart' && !leads(observation))
  const restarted = serving.filter(({ change, observation }) => change.disturbs === 'restart' && !leads(observation))
  const leaders = serving.filter(({ observation }) => leads(observation))
  const only = (candidates: readonly Candidate[]) => candidates.map(({ change }) => change)
  return [
    ...waveOf(tier, only(fresh)),
    ...waveOf(tier, only(gentle.slice(0, 1))),
    ...waveOf(tier, only(gentle.slice(1))),
    ...only(restarted).flatMap((change) => waveOf(tier, [change])),
    ...only(leaders).flatMap((change) => waveOf(tier, [change])),
  ]
}

/** True where others of its tier depend on it now: it holds the address, or is the database's primary. */
export function leads(observation: Observation): boolean {
  return [...observation.health.values()].some((health) => health.leads === true)
}

function waveOf(subject: string, changes: readonly ServerChange[]): readonly Wave[] {
  if (changes.length === 0) return []
  const names = changes.map(({ server }: { server: Server }) => server.name)
  const listed = names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  return [{ title: `${subject}: ${listed}`, changes }]
}

function skippedServers(blueprints: readonly Blueprint[], answers: ReadonlyMap<string, Answer>): readonly Skipped[] {
  return blueprints.flatMap(({ server }) => {
    const answer = answers.get(server.name)
    if (answer === undefined) return [{ server: server.name, why: 'was not asked' }]
    // One that turns us away is a refusal.
    if (isObservation(answer) || answer.refused !== undefined) return []
    return [{ server: server.name, why: answer.unreachable }]
  })
}
