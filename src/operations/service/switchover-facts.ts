import { fileAt } from '../../resources/manifest.ts'
import { type Answers, isObservation, reportOf } from '../../observation/observation.ts'
import { pausePath } from '../../resources/state-folder.ts'
import { type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { SwitchoverWish } from '../../status/check-switchover.ts'

/** App servers whose pool can pause queries while the primary moves. */
export const findPausers = (stack: Pick<Stack, 'servers'>, answers: Answers): readonly Server[] =>
  serversOf(stack, 'app').filter(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || !isObservation(answer)) return false
    return fileAt(answer.manifest, pausePath('database')) !== undefined
  })

/** What a switchover checks beside the state of the tier. */
export function switchoverFacts(
  stack: Pick<Stack, 'servers'>,
  answers: Answers,
  leader: string | undefined,
): Pick<SwitchoverWish, 'isPaused' | 'isPooled' | 'longest'> {
  const { isPaused = false, longest } = reportOf(answers.get(leader ?? ''), 'database') ?? {}
  return { isPaused, isPooled: findPausers(stack, answers).length > 0, ...(longest !== undefined && { longest }) }
}
