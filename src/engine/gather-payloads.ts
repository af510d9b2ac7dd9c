import { failure, TrimaranError } from '../errors/failure.ts'

/** An archive on the operator's side. */
export interface Archive {
  readonly path: string
  /** Its content; absent where it is always sent whole. */
  readonly contents?: ArchiveContents
}

export interface ArchiveContents {
  /** Its size on a server's disk once it is unpacked. */
  readonly bytes: number
  /** The number of names in its list. */
  readonly entries: number
  /** The path of its list, compressed: what a server remembers of the tree once it is unpacked (`resources/tree-seal.ts`). */
  readonly list: string
  /** The time that all its entries have, in seconds since 1970. */
  readonly seconds: number
  /** Makes an archive of these files alone, with all folders and links; they are numbered as the list has them. */
  readonly select: (missing: FileNumbers) => Promise<string>
  /** Removes the archives that were made. */
  readonly forget: () => Promise<void>
}

/** From and to, both included. */
export type FileNumbers = readonly (readonly [number, number])[]

/** Gives the archive that a step needs. */
export type Payload = (name: string) => Promise<Archive>

/**
 * Builds and downloads all archives of a plan at once, before any server is changed: a failure then needs no roll back.
 * Returns each archive by its name.
 */
export async function gatherPayloads(
  names: readonly string[],
  payload: Payload,
): Promise<ReadonlyMap<string, Archive>> {
  // All are awaited, so that none goes on in the background after one has failed.
  const archives = await Promise.allSettled(names.map(payload))
  const failed = archives.find((archive) => archive.status === 'rejected')
  if (failed !== undefined) throw withState(failed.reason)
  return new Map(names.map((name, index) => [name, (archives[index] as PromiseFulfilledResult<Archive>).value]))
}

function withState(reason: unknown): unknown {
  if (!(reason instanceof TrimaranError)) return reason
  return failure(reason.code, { ...reason.facts, state: 'no server was changed' }, { cause: reason })
}
