import { type Answers, isObservation } from '../../observation/observation.ts'
import {
  changeStackState,
  type Drain,
  isDrained,
  type StackState,
  withDrained,
  withExcluded,
} from '../../stack/stack-state.ts'
import { nameOf, type Terms } from '../operator.ts'

/** The stack state with a server taken out of service. An unreachable one is excluded by its neighbours. */
export const drainedState =
  (name: string, order?: Drain) =>
  (current: StackState, answers: Answers): StackState => {
    if (isDrained(current, name)) return current
    const isUnreachable = !isObservation(answers.get(name) ?? { unreachable: '' })
    const excluded = withExcluded(current, [...(current.excluded ?? []), ...(isUnreachable ? [name] : [])])
    return changeStackState(withDrained(excluded, [...current.drained, name], order && { [name]: order }), {})
  }

/** Who drains a server now. */
export const drainBy = (terms: Pick<Terms, 'name'>): Drain => ({
  by: nameOf(terms)
    .replaceAll(/[^!-~]/g, '?')
    .slice(0, 120),
  at: new Date().toISOString(),
})

/** The stack state with it back in service; an unreachable server is excluded until it is reached. */
export const undrainedState =
  (name: string) =>
  (current: StackState): StackState => {
    if (!isDrained(current, name)) return current
    return changeStackState(
      withDrained(
        current,
        current.drained.filter((one) => one !== name),
      ),
      {},
    )
  }
