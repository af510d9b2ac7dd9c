import { failure } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import { isDrained, type StackState } from '../../stack/stack-state.ts'
import { servingTier, serversOf } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'

/**
 * Where no server in service answers that could run it, nobody would serve a release, and nobody could say whether it is well.
 * @throws TRI-DEPLOY-005
 */
export function refuseNobody(current: StackState, answers: Answers, { stack }: Pick<Session, 'stack'>): void {
  const tier = servingTier(stack)
  const inService = serversOf(stack, tier).filter(({ name }) => !isDrained(current, name))
  const unreachable = inService.flatMap(({ name }) => {
    const answer = answers.get(name)
    return answer === undefined || isObservation(answer) ? [] : [`${name}: ${answer.unreachable.split('\n')[0]}`]
  })
  if (inService.length === 0 || unreachable.length < inService.length) return
  throw failure('TRI-DEPLOY-005', {
    what: `No ${tier} server answers, so none can take the release`,
    why: unreachable.join('\n'),
    state: 'nothing was changed',
    next: `${trimaran('status')} says what became of them; deploy again once one is back`,
  })
}
