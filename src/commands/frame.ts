import type { Plan } from '../plan/plan.ts'
import { type Operator, openSession, type Session, type SessionWish } from '../operations/index.ts'
import { ask } from '../ui/ask.ts'
import { jsonOfPlan } from '../plan/json-of-plan.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { screen } from '../ui/layout.ts'
import { showPlan, type ShowPlanOptions } from '../ui/show-plan.ts'
import { summarisePlan } from '../ui/summarise-plan.ts'
import type { ChangeFlags, StackFlags } from './flags.ts'
import { interruption } from './interruption.ts'

/** The output of a verb, and the session on the servers that its flags select. */
export interface Frame {
  readonly output: Output
  readonly session: Session
}

/**
 * What nearly every verb begins with. Verbs that change the stack `boot` lab servers that are missing: they stand for
 * hardware. Others only `find` the lab.
 */
export async function begin(flags: StackFlags, lab: 'boot' | 'find'): Promise<Frame> {
  const output = createOutput(flags)
  return { output, session: await openSession({ ...placeOf(flags), boots: lab === 'boot', emit: output.emit }) }
}

/** The project and the servers that flags mean. */
export const placeOf = ({ lab, config }: StackFlags): SessionWish => ({ lab, ...(config !== undefined && { config }) })

interface Screen<Shown, Asked> {
  readonly show: (proposed: Shown) => void
  readonly question: (proposed: Asked) => string
  /** A word that must be typed instead of yes, where what is lost cannot be brought back. */
  readonly word?: (proposed: Asked) => string | undefined
}

/** The operator of this command, at a terminal or in CI: gets the output, is asked, and may press Ctrl-C. */
export const operatorOf = <Shown, Asked = Shown>(
  { yes, wait }: ChangeFlags,
  output: Output,
  { show, question, word }: Screen<Shown, Asked>,
): Operator<Shown, Asked> => ({
  emit: output.emit,
  show,
  confirm: async (proposed) => {
    const isWanted = yes || (await ask(question(proposed), word?.(proposed)))
    if (!isWanted) output.print('Nothing was changed.')
    return isWanted
  },
  isUnwatched: yes,
  ...(wait !== undefined && { waitSeconds: wait }),
  // Handled only once there is something to finish: before that, Ctrl-C ends the command at once.
  get signal() {
    return interruption()
  },
})

/** A plan whose notes name commands as they must be given here; the content of files is not changed. */
export const withNotes = (plan: Plan, { inPlace }: Output): Plan => ({
  ...plan,
  unreachable: inPlace(plan.unreachable),
  warnings: inPlace(plan.warnings),
  ...(plan.remarks && { remarks: inPlace(plan.remarks) }),
  refusals: inPlace(plan.refusals),
})

/** Shows a plan as text, or as JSON. */
export const planShower =
  (output: Output) =>
  ({ plan }: { readonly plan: Plan }): void =>
    presentPlan(plan, output, showPlan)

/** Shows what `render` makes of a plan, above the question whether to apply it. */
export function presentPlan(
  plan: Plan,
  output: Output,
  render: (plan: Plan, options: ShowPlanOptions) => string,
): void {
  const said = withNotes(plan, output)
  const { tone } = output
  const { width, rows } = screen()
  const text = render(said, { tone, ...(rows !== undefined && { width }) })
  output.quote(text)
  // Yes is asked below it: what it is about must stand on the same screen.
  if (rows !== undefined && text.split('\n').length > rows - 2)
    output.quote(`\n${summarisePlan(said, { tone, width })}`)
  output.quoteJson('plan', jsonOfPlan(said))
}
