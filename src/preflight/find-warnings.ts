import { type Answers, isObservation } from '../observation/observation.ts'
import type { Stack } from '../stack/stack.ts'
import { foreignUnitFiles } from './report-server.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * Names the servers with impossible answers. The plan goes on without those: a refusal would let root on one server
 * block operators from fixing it.
 */
export const warnOfDoubts = (answers: Answers): readonly string[] =>
  [...answers].flatMap(([server, answer]) =>
    isObservation(answer)
      ? (answer.doubts ?? []).map((doubt) => `${server} ${doubt}: nothing is done because of it`)
      : [],
  )

/** Names files of others that change how units run: no step changes them. */
export const warnOfForeignFiles = (stack: Stack, answers: Answers): readonly string[] =>
  stack.servers.flatMap(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || 'unreachable' in answer) return []
    return foreignUnitFiles(answer).map(
      (path) => `${name}: ${path} changes how a unit runs, and is not Trimaran's; ${trimaran('check')} says more`,
    )
  })
