import { type Answers, isObservation } from '../observation/observation.ts'
import { newestStackState } from '../stack/stack-state.ts'
import type { Refusal } from './refusal.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** The number of the newest copy that this computer has seen on each server, by name. */
export type SeenStackState = Readonly<Record<string, number>>

export interface CheckedStackState {
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly string[]
}

/**
 * What is to be said of the copies of the stack state that were found. A copy that is not signed with the stack's key
 * gives no orders: where another server has a good one, the plan replaces it; where none has, nobody knows what stands, and
 * nothing is planned. Nor is anything where all that is left is older than what once stood.
 */
export function checkStackState(answers: Answers, seen: SeenStackState, stack: string): CheckedStackState {
  const copies = [...answers].flatMap(([server, answer]) => (isObservation(answer) ? [{ server, ...answer }] : []))
  const refused = copies.filter(({ refusedStackState }) => refusedStackState !== undefined)
  const newest = newestStackState(copies.map(({ stackState }) => stackState))
  if (newest === undefined) {
    return {
      refusals: refused.map(({ server, refusedStackState }) => refusalOf(server, refusedStackState!)),
      warnings: [],
    }
  }
  const highest = Math.max(0, ...Object.values(seen))
  const putBack = copies.flatMap(({ server, stackState }) =>
    stackState !== undefined && stackState.number < (seen[server] ?? 0) ? [{ server, number: stackState.number }] : [],
  )
  return {
    refusals: newest.number < highest ? [tooOld(stack, newest.number, highest, seen)] : [],
    warnings: [
      ...refused.map(
        ({ server, refusedStackState }) =>
          `${server}: its copy of the stack state ${refusedStackState}: it is not used, and is replaced → look who was root there`,
      ),
      ...putBack.map(
        ({ server, number }) =>
          `${server}: its copy of the stack state is number ${number}, and was number ${seen[server]} before: it is not used, and is replaced → look who put an old one back`,
      ),
    ],
  }
}

const refusalOf = (server: string, why: string): Refusal => ({
  server,
  what: `its copy of the stack state ${why}, and no other server has a better one`,
  why: 'Which release runs, who is drained and whether the site is open would come from whoever wrote it',
  next: `if you know what stands: ${trimaran(`exec ${server} -- rm /var/lib/trimaran/state.json`)}, and ${trimaran('up')} writes new ones`,
})

const tooOld = (stack: string, found: number, highest: number, seen: SeenStackState): Refusal => ({
  server: stack,
  what: `the newest stack state that was found is number ${found}, and there was number ${highest}`,
  why: `${Object.keys(seen)
    .filter((server) => seen[server] === highest)
    .join(', ')} had them; what is left is old, or was put back by somebody`,
  next: 'bring the servers back that do not answer; if the stack was set up anew from another computer, delete `.trimaran/state-numbers.*.json`',
})
