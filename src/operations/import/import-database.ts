import { resolve } from 'node:path'
import { serversOf } from '../../stack/stack.ts'
import { recordEvents } from '../change/record-events.ts'
import { withLock } from '../change/with-lock.ts'
import { requireUninterrupted, unchanged } from '../interrupted.ts'
import { primaryFinder } from '../look/find-primary.ts'
import { noteCommand } from '../look/note-command.ts'
import type { Operator } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { askTarget } from './ask-target.ts'
import type { Compared, Presence } from './find-differences.ts'
import { fileSource } from './file-source.ts'
import type { ImportSource } from './import-source.ts'
import { isUrl, readLiveSource } from './live-source.ts'
import { type ImportProposal, propose } from './propose.ts'
import { requireWayOut } from './require-way-out.ts'
import { requireDeclared } from './require-declared.ts'
import { type ImportRun, runImport } from './run-import.ts'
import { serverSource } from './server-source.ts'

export interface ImportWish {
  /** A dump on this computer, or `postgresql://user:password@host/database`. */
  readonly source: string
  /** Into which database of the stack; `app` unless stated. */
  readonly database?: string
  /** What happens to what it has already; it must be empty unless stated. */
  readonly presence?: Presence
  /** Whether a server elsewhere is read from this computer, where the primary does not reach it. */
  readonly isFromHere?: boolean
}

export interface ImportedTable {
  readonly name: string
  readonly rows: number
  /** Whether the dump says how many rows it has; they are equal then. */
  readonly isCompared: boolean
}

export interface Imported {
  readonly outcome: 'applied' | 'declined'
  readonly proposal: ImportProposal
  /** What is there now; absent where it was declined. */
  readonly tables?: { readonly count: number; readonly rows: number; readonly list: readonly ImportedTable[] }
  /** What of the dump was left out, and how often. */
  readonly leftOut?: Readonly<Record<string, number>>
  /** False where PostgreSQL did not come to gather its statistics: all is there, and slower until somebody runs ANALYZE. */
  readonly isAnalyzed?: boolean
}

/**
 * Brings an existing database into the stack's: from a dump, or from a server elsewhere. All that it creates belongs to the app's
 * role. It is one transaction, committed only once each table has as many rows as the dump.
 *
 * @example
 * ```ts
 * await importDatabase(session, { source: 'shop.dump' }, operator)
 * ```
 * @throws TRI-IMPORT-001 where the source is no dump; -002 where it does not fit the database; -003 where it failed; TRI-DATABASE-003;
 * TRI-LOCK-001; TRI-STOP-001
 */
export async function importDatabase(
  session: Session,
  wish: ImportWish,
  operator: Operator<ImportProposal>,
): Promise<Imported> {
  const { database = 'app', presence = 'must be empty' } = wish
  requireDeclared(session, database)
  const source = await sourceOf(wish, session.stack)
  const findPrimary = primaryFinder(session)
  const { server, connection } = await findPrimary()
  operator.emit({ type: 'stage', name: `reading what is in ${source.shown}` })
  const seen = await source.look(connection)
  const target = await askTarget(connection, database, server.name)
  const compared: Compared = { seen, target, database, presence, needed: source.needOf(seen) }
  const proposal = propose(source, server.name, compared)
  operator.show?.(proposal)
  requireUninterrupted(operator, unchanged)
  if (!(await operator.confirm(proposal))) return { outcome: 'declined', proposal }
  const password = session.secrets('postgres-app')
  const run: ImportRun = { source, server, database, presence, password, findPrimary }
  return await recordEvents(session, 'db import', operator, (heard) =>
    withLock(serversOf(session.stack, 'database'), session, heard, async () => {
      await connection.run(noteCommand(session, 'db import', aboutOf(run), heard).text)
      return { outcome: 'applied' as const, proposal, ...(await runImport(run, connection, heard)) }
    }),
  )
}

/** A path is relative to where the operator is. @throws TRI-IMPORT-001 or -004 */
async function sourceOf({ source, isFromHere = false }: ImportWish, stack: Session['stack']): Promise<ImportSource> {
  if (!isUrl(source)) return await fileSource(resolve(source))
  const live = readLiveSource(source)
  if (!isFromHere) requireWayOut(stack, live, '; or let this computer read it, with `--from-here`')
  return serverSource(live, isFromHere)
}

const aboutOf = ({ source, database, presence }: ImportRun): string =>
  `${source.shown} into ${database}${presence === 'must be empty' ? '' : `, which ${presence}`}`
