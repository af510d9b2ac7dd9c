import { having } from '../components/component.ts'
import { components } from '../components/index.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { factsOf } from '../resources/kinds.ts'
import type { StackState } from '../stack/stack-state.ts'
import { serversOf, type Stack } from '../stack/stack.ts'

const releaseRoles = having(components, 'holdsReleases').map(({ role }) => role)

/**
 * Whether the first release of a stack never came up: of each tier that holds releases a server answers, and on none of them does
 * `current` lead anywhere. An app server has that link once the release came up there, a web server once it had on all app
 * servers; so one that is unreachable, or was replaced, makes nobody forget that the release did serve.
 */
export function neverServed(
  stack: Pick<Stack, 'servers'>,
  answers: Answers,
  { kept }: Pick<StackState, 'kept'>,
): boolean {
  if (kept.length > 1) return false
  const seen = releaseRoles.map(({ tier, folder }) => {
    const observations = serversOf(stack, tier).map(({ name }) => answers.get(name))
    const answered = observations.filter((answer) => answer !== undefined && isObservation(answer))
    return {
      isAnswered: observations.length === 0 || answered.length > 0,
      isCurrent: answered.some((one) => factsOf(one, 'symlink').has(`${folder}/current`)),
    }
  })
  return seen.every(({ isAnswered, isCurrent }) => isAnswered && !isCurrent)
}
