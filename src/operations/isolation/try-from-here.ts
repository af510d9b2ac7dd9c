import type { Goal } from '../../status/isolation/expect.ts'
import type { Seen } from '../../status/isolation/isolation.ts'
import type { TryPort } from '../../transport/try-port.ts'

const atOnce = 200

/** Tries connections of TCP from this computer, as somebody who is not in the stack. */
export async function tryFromHere(
  goals: readonly Goal[],
  tryPort: TryPort,
): Promise<readonly { readonly goal: Goal; readonly seen: Seen }[]> {
  const tried: { goal: Goal; seen: Seen }[] = []
  const left = goals.toReversed()
  const work = async (): Promise<void> => {
    for (let goal = left.pop(); goal !== undefined; goal = left.pop())
      tried.push({ goal, seen: await tryPort(goal.address, goal.port) })
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return tried
}
