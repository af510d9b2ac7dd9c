import { keyFingerprintFrom } from '../../blueprint/blueprint.ts'
import { components } from '../../components/index.ts'
import { labContainer } from '../../lab/index.ts'
import { checkFindings } from '../../preflight/check-findings.ts'
import type { Finding } from '../../preflight/finding.ts'
import { reportServer } from '../../preflight/report-server.ts'
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
  const project = await checkProject(session)
  return checkFindings(stack, components, reports, { project, ...(lab && { container: labContainer }) })
}
