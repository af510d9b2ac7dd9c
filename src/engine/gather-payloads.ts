import { failure, TrimaranError } from '../errors/failure.ts'

/** Gives the local path of an archive that a step needs. */
export type Payload = (name: string) => Promise<string>

/**
 * Builds and downloads all that a plan will unpack, all of it at once, before any server is changed: what cannot be had
 * ends the apply while there is nothing to roll back. Returns the local path of each.
 */
export async function gatherPayloads(names: readonly string[], payload: Payload): Promise<ReadonlyMap<string, string>> {
  // All are waited for, so that none goes on in the background once one of them has failed.
  const paths = await Promise.allSettled(names.map(payload))
  const failed = paths.find((path) => path.status === 'rejected')
  if (failed !== undefined) throw withState(failed.reason)
  return new Map(names.map((name, index) => [name, (paths[index] as PromiseFulfilledResult<string>).value]))
}

function withState(reason: unknown): unknown {
  if (!(reason instanceof TrimaranError)) return reason
  return failure(reason.code, { ...reason.facts, state: 'no server was changed' }, { cause: reason })
}
