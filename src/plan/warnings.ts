import { serversOf, type Stack, tierNames } from '../stack/stack.ts'
import { type Answer, type Answers, isObservation } from '../observation/observation.ts'
import type { Wave } from './plan.ts'
import { foreignUnitFiles } from './report-server.ts'

/**
 * Names who said what cannot be. The plan goes on without it: to refuse would let whoever was root on one server keep operators
 * from mending it.
 */
export const warnOfDoubts = (answers: Answers): readonly string[] =>
  [...answers].flatMap(([server, answer]) =>
    isObservation(answer)
      ? (answer.doubts ?? []).map((doubt) => `${server} ${doubt}: nothing is done because of it`)
      : [],
  )

/** Says where a plan takes the last server that serves a tier out of service, be it for a second. */
export function warnOfOutages(stack: Stack, waves: readonly Wave[], answers: Answers): readonly string[] {
  return tierNames.flatMap((tier) => {
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

/** Says where somebody else's files decide over how units run: no step of ours changes them. */
export const warnOfForeignFiles = (stack: Stack, answers: Answers): readonly string[] =>
  stack.servers.flatMap(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || 'unreachable' in answer) return []
    return foreignUnitFiles(answer).map(
      (path) => `${name}: ${path} changes how a unit runs, and is not Trimaran's; \`trimaran check\` says more`,
    )
  })

/** Serves: it answered, Trimaran set it up, and none of its components is down. */
function isServing(answer: Answer | undefined): boolean {
  if (answer === undefined || 'unreachable' in answer) return false
  if (answer.manifest.length === 0) return false
  return [...answer.health.values()].every(({ state }) => state !== 'down')
}
