import { buildCommand } from '@stricli/core'
import { listNames } from '../explain/text.ts'
import * as operations from '../operations/index.ts'
import { columns } from '../ui/columns.ts'
import { formatTime } from '../ui/format-time.ts'
import { tableWidth } from '../ui/layout.ts'
import { type StackFlags, stackFlags } from './flags.ts'
import { begin } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

export const releases = buildCommand({
  docs: { brief: 'List the releases that the servers keep, and which of them runs' },
  parameters: { flags: stackFlags },
  func: async (flags: StackFlags) => {
    const { output, session } = await begin(flags, 'find')
    const { stack } = session
    const found = await operations.releases(session)
    output.printJson('releases', { stack: stack.name, releases: found.releases })
    const { tone } = output
    const rows = found.releases.map(({ release, isCurrent, wasCutOff, builtAt, revision, servers, isHere }) => {
      const on = servers.length === found.asked.length ? `all ${listNames(found.tiers)} servers` : servers.join(', ')
      return [
        isCurrent ? tone.green('▸') : ' ',
        isCurrent ? tone.bold(release) : release,
        formatTime(builtAt, 'minutes'),
        revision || tone.dim('no git'),
        `${on || tone.dim('no server')}${wasCutOff ? '; its deploy was cut off' : ''}`,
        isHere ? 'yes' : tone.dim('no'),
      ]
    })
    output.print(
      rows.length === 0
        ? `${stack.name} has no release yet: ${trimaran('up')} makes the first one`
        : columns([[' ', 'RELEASE', 'BUILT', 'REVISION', 'ON', 'HERE'], ...rows], {
            width: tableWidth(),
            wraps: [3, 4],
          }),
    )
    const { unreachable } = found
    if (unreachable.length > 0)
      output.print(
        `${tone.yellow('!')} ${unreachable.join(', ')} ${unreachable.length === 1 ? 'does' : 'do'} not answer`,
      )
  },
})
