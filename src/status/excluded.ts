import { type Answers, reportOf } from '../observation/observation.ts'

/** Names of servers to which a neighbour sends nothing, whatever they answer: it was told so. */
export function excludedNow(answers: Answers): readonly string[] {
  const seen = [...answers.values()].flatMap((answer) =>
    (reportOf(answer, 'routing')?.backends ?? []).flatMap(({ servers }) => servers),
  )
  return [...new Set(seen.filter(({ state }) => state === 'MAINT').map(({ name }) => name))].toSorted()
}
