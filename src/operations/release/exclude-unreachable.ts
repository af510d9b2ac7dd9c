import { releaseTiers } from '../../components/index.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { changeStackState, isDrained, type StackState, withExcluded } from '../../stack/stack-state.ts'
import { type Server, serversOf } from '../../stack/stack.ts'
import type { Proposal } from '../change/plan-stack.ts'
import type { Session } from '../session/session.ts'

/**
 * Has the neighbours of unreachable servers exclude them, since a server that comes back would serve the old release.
 * Not done where no other server of the tier could serve: perhaps only this computer cannot reach them.
 */
export function excludeUnreachable(
  stackState: StackState,
  answers: Answers,
  { stack }: Pick<Session, 'stack'>,
): StackState {
  const reaches = ({ name }: Server): boolean => isObservation(answers.get(name)!)
  const unreachable = releaseTiers.flatMap((tier) => {
    const inService = serversOf(stack, tier).filter(({ name }) => !isDrained(stackState, name))
    return inService.some(reaches) ? inService.filter((server) => !reaches(server)) : []
  })
  const { excluded = [] } = stackState
  const missing = unreachable.map(({ name }) => name).filter((name) => !excluded.includes(name))
  return missing.length === 0 ? stackState : changeStackState(withExcluded(stackState, [...excluded, ...missing]), {})
}

/** The servers that should have got the release, and did not answer. */
export const missed = (
  { answers, stackState }: Pick<Proposal, 'answers' | 'stackState'>,
  { stack }: Pick<Session, 'stack'>,
): readonly string[] =>
  stack.servers
    .filter(({ tier }) => releaseTiers.includes(tier))
    .filter(({ name }) => !isObservation(answers.get(name)!) && !isDrained(stackState, name))
    .map(({ name }) => name)
