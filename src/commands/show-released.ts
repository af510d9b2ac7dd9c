import type { Operator, Released, ReleaseProposal, Session } from '../operations/index.ts'
import { formatDuration } from '../ui/format-duration.ts'
import type { Output } from '../ui/output.ts'
import { showDeploy } from '../ui/show-deploy.ts'
import { formatUnreachable } from '../ui/format-unreachable.ts'
import type { ChangeFlags } from './flags.ts'
import { operatorOf, presentPlan } from './frame.ts'

/** The operator of a deploy or a rollback: sees in a few lines what will happen. */
export const releaseOperator = (
  flags: ChangeFlags,
  output: Output,
  { stack }: Pick<Session, 'stack'>,
): Operator<ReleaseProposal> =>
  operatorOf(flags, output, {
    show: ({ plan, verb, source, current, stackState }) => {
      presentPlan(plan, output, (said, page) =>
        showDeploy(said, { ...page, verb, source, current, stackState, inPlace: output.inPlace }),
      )
    },
    question: ({ verb, stackState }) =>
      verb === 'rollback' ? `Take ${stack.name} back to ${stackState.release}?` : `Deploy this to ${stack.name}?`,
  })

/** Says which release runs at the end, and which servers did not get it. */
export async function showReleased(
  output: Output,
  releasing: Promise<Released>,
  { stack }: Pick<Session, 'stack'>,
): Promise<void> {
  // Events that were under way are shown before the failure.
  const { outcome, release, unreachable, excluded, milliseconds } = await releasing.finally(output.settle)
  const { tone } = output
  output.printJson('released', { changed: outcome === 'applied', release, unreachable })
  if (outcome === 'nothing')
    output.print(`${tone.green('✔')} ${stack.name} runs ${release} as the file says: nothing to do`)
  if (outcome === 'applied')
    output.print(`${tone.green('✔')} ${stack.name} runs ${release}  ${tone.dim(formatDuration(milliseconds))}`)
  if (unreachable.length > 0) output.print(formatUnreachable(unreachable, excluded, tone))
}
