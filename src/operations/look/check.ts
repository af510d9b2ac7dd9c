import { keyFingerprintFrom } from '../../blueprint/blueprint.ts'
import { components } from '../../components/index.ts'
import { labContainer } from '../../lab/index.ts'
import { checkFindings } from '../../preflight/check-findings.ts'
import type { Finding } from '../../preflight/finding.ts'
import { reportServer } from '../../preflight/report-server.ts'
import { type Answers, isObservation } from '../../observation/observation.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import { newestStackState } from '../../stack/stack-state.ts'
import { describeVisit, whyNobodyIsServed } from '../../status/describe-visit.ts'
import { visitOnce } from './visit.ts'
import { checkProject } from './check-project.ts'
import { queryOrImagine } from '../session/query-servers.ts'
import type { Session } from '../session/session.ts'

/** What `up` would refuse, what can still fail, and what is well; worst first. */
export async function check(session: Session): Promise<readonly Finding[]> {
  const { stack, secrets, lab } = session
  const askedAtSeconds = Date.now() / 1000
  const answers = await queryOrImagine(stack.servers, session, { isThorough: true })
  const during = { fromSeconds: askedAtSeconds, toSeconds: Date.now() / 1000 }
  const operator = { during, keyFingerprint: keyFingerprintFrom(secrets) }
  const reports = stack.servers.map(({ name }) => reportServer(name, answers.get(name)!, operator))
  const [project, visitors] = await Promise.all([checkProject(session), findVisitors(session, answers)])
  return checkFindings(stack, components, reports, {
    project: [...project, ...visitors],
    ...(lab && { container: labContainer }),
  })
}

/** Whether visitors are served, once the stack was set up: the rest may all be well, and they are not. */
async function findVisitors(session: Session, answers: Answers): Promise<readonly Finding[]> {
  const observations = [...answers.values()].filter(isObservation)
  if (!observations.some(({ manifest }) => manifest.length > 0)) return []
  const told = newestStackState(observations.map(({ stackState }) => stackState)) ?? { drained: [] }
  const onPurpose = whyNobodyIsServed(session.stack, told)
  if (onPurpose !== undefined) return [{ level: 'ok', what: `Visitors are not served on purpose: ${onPurpose}` }]
  const seen = await visitOnce(session)
  if (seen.isServed) return [{ level: 'ok', what: 'Visitors are served' }]
  return [
    {
      level: 'problem',
      what: 'Visitors are not served',
      why: describeVisit(seen),
      next: `${trimaran('status')} names the cause`,
    },
  ]
}
