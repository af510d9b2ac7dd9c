import { buildCommand } from '@stricli/core'
import { failure } from '../errors/failure.ts'
import { serversOf, type TierName } from '../stack/stack.ts'
import { tierNames } from '../stack/tiers.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { editCount, type EditedCount } from '../operations/config/edit-count.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { keepOnlyInLab, namesInLab, removeLabServers } from '../operations/session/lab-servers.ts'
import { type Changed, runChange } from './run-change.ts'
import { openProject, type Project } from '../operations/session/session.ts'

export const scale = buildCommand({
  docs: {
    brief: 'Give a tier another number of servers: in the config, and then in fact',
    fullDescription: [
      'Writes the number into the config, shows the plan, asks, and applies it: trimaran scale app 4',
      'New servers get visitors once they are well, and their full share step by step. Those that leave are the last of the',
      'tier; they finish what they have first. Answered with no, the file is put back.',
      'Where servers are named, name the new ones in the file; a smaller number takes the last names of the list away.',
    ].join('\n'),
  },
  parameters: {
    flags: changeFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: tierNames.join(', '), parse: String, placeholder: 'tier' },
        { brief: 'How many servers it is to have', parse: String, placeholder: 'count' },
      ],
    },
  },
  func: async (flags: ChangeFlags, tierWord: string, countWord: string) => {
    const began = performance.now()
    const { tier, count } = understand(tierWord, countWord)
    const project = await openProject(flags)
    const edited = await editCount(project, tier, count)
    const changed = await scaleOrPutBack(flags, tier, count, edited, project)
    if (changed.outcome === 'declined') return
    if (flags.lab) await removeLabServers(changed.session, changed.output.tell)
    tell(changed, tier, edited, performance.now() - began)
  },
})

/** @throws TRI-SERVER-001; TRI-USAGE-001 */
function understand(tierWord: string, countWord: string): { readonly tier: TierName; readonly count: number } {
  const tier = tierNames.find((name) => name === tierWord)
  if (tier === undefined)
    throw failure('TRI-SERVER-001', { what: `${tierWord} is no tier`, next: `one of ${tierNames.join(', ')}` })
  if (!/^[1-9]\d{0,2}$/.test(countWord))
    throw failure('TRI-USAGE-001', {
      what: `${countWord} is no number of servers`,
      next: `a whole number from 1 on: \`trimaran scale ${tier} 2\``,
    })
  return { tier, count: Number(countWord) }
}

/** Whatever ends before the operator has said yes leaves the file, and the lab, as they were. */
async function scaleOrPutBack(
  flags: ChangeFlags,
  tier: TierName,
  count: number,
  edited: EditedCount,
  project: Project,
): Promise<Changed> {
  let isConfirmed = false
  const before = flags.lab ? await namesInLab(project) : new Set<string>()
  const restoreFile = async (tellStage: Changed['output']['tell']): Promise<void> => {
    edited.putBack()
    if (flags.lab) await keepOnlyInLab(project, before, tellStage)
  }
  try {
    const changed = await runChange(flags, {
      verb: `scale ${tier} ${count}`,
      lab: 'boot',
      question: ({ stack }) =>
        `Give ${tier} of ${stack.name} ${count} ${count === 1 ? 'server' : 'servers'}, not ${edited.before}?`,
      confirmed: () => {
        isConfirmed = true
        edited.keep()
      },
    })
    if (changed.outcome === 'declined') await restoreFile(changed.output.tell)
    else edited.keep()
    return changed
  } catch (error) {
    if (!isConfirmed) await restoreFile(() => {})
    throw error
  }
}

function tell(
  { outcome, session, output, planned }: Changed,
  tier: TierName,
  { where, before }: EditedCount,
  milliseconds: number,
): void {
  const { tone } = output
  const servers = serversOf(session.stack, tier).map(({ name }) => name)
  const left = planned.plan.unreachable.map(({ server }) => server)
  output.printJson({ type: 'scaled', tier, before, servers, ...(where !== undefined && { where }), unreachable: left })
  const verb = outcome === 'nothing' ? 'has already' : 'has'
  const time = tone.dim(`  ${formatDuration(milliseconds)}`)
  output.print(
    [
      `${tone.green('✔')} ${tier} ${verb} ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}: ${servers.join(', ')}${time}`,
      ...(where === undefined ? [] : [`  ${where} says ${servers.length}, where it said ${before}`]),
      ...(left.length === 0 ? [] : [`${tone.yellow('!')} unreachable: ${left.join(', ')}`]),
    ].join('\n'),
  )
}
