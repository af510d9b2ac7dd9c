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
import { countOf } from '../../speech/count-of.ts'
import { verifyIsolation } from '../isolation/verify-isolation.ts'
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
  const [project, visitors, isolation] = await Promise.all([
    checkProject(session),
    findVisitors(session, answers),
    findIsolation(session, answers),
  ])
  return checkFindings(stack, components, reports, {
    project: [...project, ...visitors, ...isolation],
    ...(lab && { container: labContainer }),
  })
}

/** Whether the servers are isolated as the links say, once all of them were set up: others let everybody in. */
async function findIsolation(session: Session, answers: Answers): Promise<readonly Finding[]> {
  if (setUp(answers).length < session.stack.servers.length) return []
  const report = await verifyIsolation(session)
  if (report.isSound) return [{ level: 'ok', what: `${report.tried} connections that were tried are as the links say` }]
  const wrong = [
    ...(report.wrong.length > 0
      ? [`${countOf(report.wrong.length, 'connection')} of ${report.tried} are not as the links say`]
      : []),
    ...report.changedRules.map((server) => `the rules of ${server} are not those of the links`),
    ...report.unasked.map(({ server, why }) => `${server} was not asked: ${why}`),
  ]
  return [
    {
      level: report.wrong.length + report.changedRules.length > 0 ? 'problem' : 'warning',
      what: 'The servers are not isolated as the links say',
      why: wrong.join('\n'),
      next: `${trimaran('verify isolation')} names them`,
    },
  ]
}

const setUp = (answers: Answers) =>
  [...answers.values()].filter(isObservation).filter(({ manifest }) => manifest.length > 0)

/** Whether visitors are served, once the stack was set up: the rest may all be well, and they are not. */
async function findVisitors(session: Session, answers: Answers): Promise<readonly Finding[]> {
  const observations = setUp(answers)
  if (observations.length === 0) return []
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
