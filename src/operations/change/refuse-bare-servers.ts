import { failure } from '../../errors/failure.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** For what is done to a stack that stands. @throws TRI-DEPLOY-003 where nothing was placed on any server that answered */
export function refuseBareServers(answers: Answers): void {
  const observations = [...answers.values()].filter(isObservation)
  if (observations.some(({ manifest }) => manifest.length > 0)) return
  throw failure('TRI-DEPLOY-003', {
    what: 'The stack was never set up',
    state: 'nothing was changed',
    next: `${trimaran('up')} sets it up, and releases the app for the first time`,
  })
}
