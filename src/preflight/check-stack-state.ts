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
 * Checks the copies of the stack state that were found. A copy without a valid signature is not used: where another
 * server has a valid one, the plan replaces it; where none has, nothing is planned. Nothing is planned either where all
 * copies are older than one that was seen before.
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
          `${server}: its copy of the stack state ${refusedStackState}: it is not used, and is replaced → find out who was root there`,
      ),
      ...putBack.map(
        ({ server, number }) =>
          `${server}: its copy of the stack state is number ${number}, and was number ${seen[server]} before: it is not used, and is replaced → find out who restored an old one`,
      ),
    ],
  }
}

const refusalOf = (server: string, why: string): Refusal => ({
  server,
  what: `its copy of the stack state ${why}, and no other server has a valid one`,
  why: 'It says which release runs, which servers are drained and whether the site is open, and anyone may have written it',
  next: `if you know what should run: ${trimaran(`exec ${server} -- rm /var/lib/trimaran/state.json`)}, then ${trimaran('up')} writes new ones`,
})

const tooOld = (stack: string, found: number, highest: number, seen: SeenStackState): Refusal => ({
  server: stack,
  what: `the newest stack state that was found is number ${found}, and there was number ${highest}`,
  why: `${Object.keys(seen)
    .filter((server) => seen[server] === highest)
    .join(', ')} had them; the copies that are left are old, or were restored by hand`,
  next: 'bring back the servers that do not answer; if the stack was set up again from another computer, delete `.trimaran/state-numbers.*.json`',
})
