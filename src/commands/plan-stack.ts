import { components } from '../components/index.ts'
import type { Tell } from '../engine/event.ts'
import { blueprintOf, observe } from '../engine/observe.ts'
import { failure } from '../errors/failure.ts'
import { type Answer, isObservation } from '../observation/observation.ts'
import { createPlan } from '../plan/create-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { currentRelease } from '../release/current-release.ts'
import type { Server } from '../stack/stack.ts'
import type { Session } from './session.ts'

export interface Planned {
  readonly plan: Plan
  readonly answers: ReadonlyMap<string, Answer>
  /** The release that app and web servers will run. */
  readonly release: string
}

/**
 * Asks every server, and plans. `firstRelease` names the release to place where the app was never placed; a stack that
 * runs one keeps it.
 * @throws TRI-PLAN-003 when not a single server answers.
 */
export async function planStack(session: Session, firstRelease: string, tell: Tell): Promise<Planned> {
  const { stack, leavers, connect, secrets } = session
  const servers = [...stack.servers, ...leavers]
  const answers = await observe(servers, { stack, components, connect, tell })
  const observations = [...answers.values()].filter(isObservation)
  if (observations.length === 0) throw nobodyAnswered(servers, answers)
  const release = currentRelease(observations) ?? firstRelease
  const blueprints = servers.flatMap((server) => {
    const answer = answers.get(server.name)!
    const facts = isObservation(answer) ? answer.host : undefined
    return facts === undefined ? [] : [blueprintOf(server, stack, components, { facts, secret: secrets, release })]
  })
  const silent = servers
    .filter(({ name }) => !isObservation(answers.get(name)!))
    .map((server) => ({ server, parts: [] }))
  return { plan: createPlan(stack, [...blueprints, ...silent], answers, components), answers, release }
}

function nobodyAnswered(servers: readonly Server[], answers: ReadonlyMap<string, Answer>) {
  const silent = servers.flatMap(({ name }) => {
    const answer = answers.get(name)
    return answer === undefined || isObservation(answer) ? [] : [{ name, ...answer }]
  })
  const alike = [...Map.groupBy(silent, ({ unreachable }) => unreachable)]
  return failure('TRI-PLAN-003', {
    what: 'None of the servers answered',
    why: alike.map(([why, those]) => `${those.map(({ name }) => name).join(', ')}: ${why}`).join('\n'),
    next: silent[0]?.refused?.next ?? 'check the network and the destinations with `trimaran check`',
  })
}
