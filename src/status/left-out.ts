import { type Answers, isObservation } from '../observation/observation.ts'

/** What the HAProxy of a caller says of those that it calls. */
interface HaproxyDetails {
  readonly backends?: readonly { readonly servers: readonly { readonly name: string; readonly state: string }[] }[]
}

/** Names of servers to which a neighbour sends nothing, whatever they answer: it was told so. */
export function leftOutNow(answers: Answers): readonly string[] {
  const seen = [...answers.values()].filter(isObservation).flatMap(({ health }) => {
    const details: HaproxyDetails = health.get('haproxy')?.details ?? {}
    return (details.backends ?? []).flatMap(({ servers }) => servers)
  })
  return [...new Set(seen.filter(({ state }) => state === 'MAINT').map(({ name }) => name))].toSorted()
}
