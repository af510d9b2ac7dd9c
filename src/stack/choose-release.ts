import { failure } from '../errors/failure.ts'
import type { StackState } from './stack-state.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * The release for a rollback: by its name, by the beginning or the end of it, or else the newest one before the current
 * one whose deploy was completed.
 * @throws TRI-DEPLOY-004
 */
export function chooseRelease(
  { release, kept, unfinished = [] }: Pick<StackState, 'release' | 'kept' | 'unfinished'>,
  wanted?: string,
): string {
  const newestFirst = kept.toSorted((a, b) => b.localeCompare(a))
  const found =
    wanted === undefined
      ? newestFirst.filter((one) => one < release && !unfinished.includes(one))
      : newestFirst.filter((one) => one === wanted || one.endsWith(`-${wanted}`) || one.startsWith(wanted))
  const exact = found.find((one) => one === wanted)
  if (exact !== undefined || found.length === 1 || (wanted === undefined && found.length > 0)) return exact ?? found[0]!
  throw failure('TRI-DEPLOY-004', {
    what:
      wanted === undefined
        ? `There is no release before ${release}`
        : found.length > 1
          ? `${wanted} may be ${found.join(' or ')}`
          : `There is no release ${wanted}`,
    why: `the stack keeps ${newestFirst.join(', ')}`,
    state: 'nothing was changed',
    next: `${trimaran('releases')} lists them`,
  })
}
