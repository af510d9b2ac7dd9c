import { type Answers, isObservation } from '../observation/observation.ts'
import type { Stack } from '../stack/stack.ts'
import { foreignUnitFiles } from './report-server.ts'
import { trimaran } from '../speech/suggested-command.ts'

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

/** Says where somebody else's files decide over how units run: no step of ours changes them. */
export const warnOfForeignFiles = (stack: Stack, answers: Answers): readonly string[] =>
  stack.servers.flatMap(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || 'unreachable' in answer) return []
    return foreignUnitFiles(answer).map(
      (path) => `${name}: ${path} changes how a unit runs, and is not Trimaran's; ${trimaran('check')} says more`,
    )
  })
