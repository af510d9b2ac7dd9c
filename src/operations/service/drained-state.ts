import { type Answers, isObservation } from '../../observation/observation.ts'
import { changeStackState, isDrained, type StackState, withExcluded } from '../../stack/stack-state.ts'

/** The stack state with a server taken out of service. An unreachable one is excluded by its neighbours. */
export const drainedState =
  (name: string) =>
  (current: StackState, answers: Answers): StackState => {
    if (isDrained(current, name)) return current
    const isUnreachable = !isObservation(answers.get(name) ?? { unreachable: '' })
    return changeStackState(withExcluded(current, [...(current.excluded ?? []), ...(isUnreachable ? [name] : [])]), {
      drained: [...current.drained, name].toSorted(),
    })
  }

/** The stack state with it back in service; an unreachable server is excluded until it is reached. */
export const undrainedState =
  (name: string) =>
  (current: StackState): StackState => {
    if (!isDrained(current, name)) return current
    return changeStackState(current, { drained: current.drained.filter((one) => one !== name) })
  }
