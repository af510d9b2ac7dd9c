import { buildCommand } from '@stricli/core'
import * as operations from '../operations/index.ts'
import { renderFindings } from '../preflight/render-findings.ts'
import { textLayout } from '../ui/layout.ts'
import { exitCodes, type StackFlags, stackFlags } from './flags.ts'
import { begin } from './frame.ts'

export const check = buildCommand({
  docs: { brief: 'Look at the servers before anything is changed, and name what can still fail' },
  parameters: { flags: stackFlags },
  func: async (flags: StackFlags) => {
    const { output, session } = await begin(flags, 'find')
    const findings = await operations.check(session)
    output.print(renderFindings(output.inPlace(findings), textLayout(output.tone)))
    output.printJson('findings', { findings })
    if (findings.some(({ level }) => level === 'problem')) process.exitCode = exitCodes.failed
  },
})
