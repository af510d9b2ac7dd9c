import { buildCommand } from '@stricli/core'
import { keyFingerprintFrom } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { observe } from '../engine/observe.ts'
import { checkFindings } from '../preflight/check-findings.ts'
import { renderFindings } from '../preflight/render-findings.ts'
import { labContainer } from '../lab/index.ts'
import { reportServer } from '../preflight/report-server.ts'
import { createOutput } from '../ui/output.ts'
import { pageOptions } from '../ui/page.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { openSession } from '../operations/session/open-session.ts'

export const check = buildCommand({
  docs: { brief: 'Look at the servers before anything is changed, and name what can still fail' },
  parameters: { flags: stackFlags },
  func: async (flags: StackFlags) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'boot', output.tell)
    const { stack, connect, secrets } = session
    const askedAtSeconds = Date.now() / 1000
    const answers = await observe(stack.servers, { stack, components, connect, secrets, tell: () => {} })
    const during = { fromSeconds: askedAtSeconds, toSeconds: Date.now() / 1000 }
    const operator = { during, keyFingerprint: keyFingerprintFrom(secrets) }
    const reports = stack.servers.map(({ name }) => reportServer(name, answers.get(name)!, operator))
    const findings = checkFindings(stack, components, reports, flags.lab ? { container: labContainer } : {})
    output.print(renderFindings(findings, pageOptions(output.tone)))
    output.printJson(findings)
    if (findings.some(({ level }) => level === 'problem')) process.exitCode = exitCodes.failed
  },
})
