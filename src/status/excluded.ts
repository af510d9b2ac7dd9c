import { type Answers, isObservation } from '../observation/observation.ts'
import type { HaproxyDetails } from './summarise.ts'

/** Names of servers to which a neighbour sends nothing, whatever they answer: it was told so. */
export function excludedNow(answers: Answers): readonly string[] {
  const seen = [...answers.values()].filter(isObservation).flatMap(({ health }) => {
    const details: HaproxyDetails = health.get('haproxy')?.details ?? {}
    return (details.backends ?? []).flatMap(({ servers }) => servers)
  })
  return [...new Set(seen.filter(({ state }) => state === 'MAINT').map(({ name }) => name))].toSorted()
}
