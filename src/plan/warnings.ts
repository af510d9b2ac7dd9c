import { serversOf, type Stack } from '../stack/stack.ts'
import { tiersOf } from '../stack/tiers.ts'
import type { Answer, Answers } from '../observation/observation.ts'
import type { Wave } from './plan.ts'

/** Warns where a plan takes the last server that serves a tier out of service, even for a second. */
export function warnOfOutages(stack: Stack, waves: readonly Wave[], answers: Answers): readonly string[] {
  return tiersOf(stack).flatMap((tier) => {
    const serving = serversOf(stack, tier).filter(({ name }) => isServing(answers.get(name)))
    const restarted = waves
      .flatMap(({ changes }) => changes)
      .filter(({ server, disturbs }) => server.tier === tier && disturbs === 'restart')
    const alone = restarted.filter(({ server }) => serving.every(({ name }) => name === server.name))
    return alone.map(
      ({ server }) =>
        `${server.name} restarts and is the only ${tier} server that serves: visitors will notice a short interruption`,
    )
  })
}

/** Serves: it answered, Trimaran set it up, and none of its components is down. */
function isServing(answer: Answer | undefined): boolean {
  if (answer === undefined || 'unreachable' in answer) return false
  if (answer.manifest.length === 0) return false
  return [...answer.health.values()].every(({ state }) => state !== 'down')
}
