import { failure } from '../../errors/failure.ts'
import type { Answers } from '../../observation/observation.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import { checkDrain } from '../../status/check-drain.ts'
import { checkSwitchover } from '../../status/check-switchover.ts'
import { summarise } from '../../status/summarise.ts'
import { switchoverFacts } from './switchover-facts.ts'

/**
 * Warnings about a stack without that server.
 * @throws TRI-DRAIN-001 where it must not be drained now.
 */
export function requireDrainable(server: Server, stack: Stack, answers: Answers, anyway: boolean): readonly string[] {
  const report = summarise(stack, answers)
  const { database, drained } = report
  const checked = checkDrain({
    server,
    report,
    anyway,
    switchover: () => checkSwitchover({ database, drained, ...switchoverFacts(stack, answers, database.leader) }),
  })
  if ('notes' in checked) return checked.notes
  throw failure('TRI-DRAIN-001', {
    what: `${server.name} cannot be drained now`,
    why: checked.refused,
    state: 'nothing was changed',
    next: checked.next,
  })
}
