import { failure } from '../../errors/failure.ts'
import type { Target } from './ask-target.ts'
import { type Compared, type Differences, findDifferences, type Presence } from './find-differences.ts'
import type { ImportSource } from './import-source.ts'
import type { SeenDump } from './seen-dump.ts'

export interface ImportProposal {
  readonly source: Pick<ImportSource, 'shown' | 'form' | 'bytes'>
  readonly seen: SeenDump
  readonly server: string
  readonly database: string
  readonly presence: Presence
  readonly target: Pick<Target, 'version' | 'encoding' | 'collation' | 'tables' | 'freeBytes'>
  readonly remarks: Differences['remarks']
}

/**
 * What is about to be done, for the operator.
 * @throws TRI-IMPORT-002 where it does not fit
 */
export function propose(source: ImportSource, server: string, compared: Compared): ImportProposal {
  const { database } = compared
  const { refusals, remarks } = findDifferences(compared)
  if (refusals.length > 0)
    throw failure('TRI-IMPORT-002', {
      what: `${source.shown} cannot be imported into ${database} on ${server}`,
      why: refusals.map(({ why }) => why).join('\n'),
      state: 'nothing was changed',
      next: [...new Set(refusals.map(({ next }) => next))].join('; '),
    })
  return describeProposal(source, server, compared, remarks)
}

/** Picked one by one: the source has a password, the target what nobody asked for, and a proposal is shown and written down. */
export function describeProposal(
  { shown, form, bytes }: ImportSource,
  server: string,
  { seen, target, database, presence }: Compared,
  remarks: readonly string[],
): ImportProposal {
  const { version, encoding, collation, tables, freeBytes } = target
  return {
    source: { shown, form, ...(bytes !== undefined && { bytes }) },
    seen,
    server,
    database,
    presence,
    target: { version, encoding, collation, tables, freeBytes },
    remarks,
  }
}
