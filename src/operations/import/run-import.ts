import type { Readable } from 'node:stream'
import { failure, TrimaranError } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { countOf } from '../../speech/count-of.ts'
import type { Server } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import { interrupted } from '../interrupted.ts'
import type { FindPrimary } from '../look/find-primary.ts'
import type { Terms } from '../operator.ts'
import { askFate, type Fate } from './ask-fate.ts'
import type { Presence } from './find-differences.ts'
import { importScript } from './import-program.ts'
import type { ImportSource } from './import-source.ts'
import { ownTables } from './own-tables.ts'
import { type Began, type ComparedRows, readImportLine } from './seen-dump.ts'

export interface ImportRun {
  readonly source: ImportSource
  readonly server: Server
  readonly database: string
  readonly presence: Presence
  /** Of the app's role, which imports. */
  readonly password: string
  /** The primary as it is now: it may have moved. */
  readonly findPrimary: FindPrimary
}

/** What came, and what was left out. */
export interface Came extends Pick<ComparedRows, 'tables' | 'leftOut'> {
  /** Whether PostgreSQL gathered its statistics, which is done after the commit. */
  readonly isAnalyzed: boolean
}

/** The app's role owns what it creates, and may do no more than that. */
const role = 'app'

/** The program on the primary says every five seconds that it lives. */
const silenceSeconds = 60

/**
 * Imports in one transaction: all of it, or nothing. Which of the two, PostgreSQL itself says afterwards, by the number of the
 * transaction: a connection may break at any moment, the one of the commit included.
 * @throws TRI-IMPORT-003 where nothing was imported, or it is not known; TRI-STOP-001
 */
export async function runImport(run: ImportRun, connection: Connection, terms: Terms): Promise<Came> {
  const heard = listen(run, terms.emit)
  const why = await feed(run, connection, terms, heard)
  const { database, presence } = run
  const fate = await askFate(heard.began(), { database, findPrimary: run.findPrimary })
  const judged = judge(heard, fate, run)
  if ('came' in judged) {
    if (fate === undefined || fate.tables >= (presence === 'stays' ? 0 : judged.came.tables.count)) return judged.came
    throw failure('TRI-IMPORT-003', {
      what: `${run.source.shown} was committed, and is not found in ${database} on ${fate.server}`,
      why: `${countOf(fate.tables, 'table')} instead of ${judged.came.tables.count}`,
    })
  }
  if (terms.signal?.aborted === true) throw interrupted(judged.state, judged.next)
  throw failure('TRI-IMPORT-003', {
    what: `${run.source.shown} was not imported`,
    why,
    state: judged.state,
    next: judged.next,
  })
}

type Judged = { readonly came: Came } | { readonly state: string; readonly next: string }

const again = 'there is nothing to clean up: once the cause is gone, import again'

/** What became of it, from what the program said and what PostgreSQL says. */
export function judge(
  heard: Pick<Heard, 'began' | 'compared' | 'isCommitted' | 'isAnalyzed'>,
  fate: Fate | undefined,
  { database, server }: Pick<ImportRun, 'database' | 'server'>,
): Judged {
  const compared = heard.compared()
  const isCommitted = heard.isCommitted() || fate?.transaction === 'committed'
  // It is sent the commit once all rows were compared, so it is whole.
  if (compared !== undefined && isCommitted)
    return { came: { tables: compared.tables, leftOut: compared.leftOut, isAnalyzed: heard.isAnalyzed() } }
  if (fate === undefined)
    return {
      state: `${server.name} does not answer; the import is one transaction, so all of it is in ${database}, or nothing`,
      next: `look at what is in ${database} once there is a primary again, then import again`,
    }
  const where = `${database} on ${fate.server}`
  // A number that a lost server gave may have been given again by the next one.
  const isSame = fate.server === server.name
  if (heard.began() === undefined || fate.transaction === 'aborted' || (isCommitted && !isSame))
    return { state: `nothing of it is in ${where}, which has ${countOf(fate.tables, 'table')}`, next: again }
  if (isCommitted)
    return {
      state: `it ended the transaction itself: what came before that is in ${where}, which has ${countOf(fate.tables, 'table')}`,
      next: 'leave out of the dump what commits; `--replace` deletes what is there now, and imports again',
    }
  return {
    state: `PostgreSQL does not say yet what became of its transaction; all of it is in ${where}, or nothing`,
    next: `look at what is in ${database}, then import again`,
  }
}

/** Runs the program. @returns what was last said against it */
async function feed(run: ImportRun, connection: Connection, { signal }: Terms, heard: Heard): Promise<string> {
  const { source, database, presence, password } = run
  const before = statementsBefore(presence, database)
  const wish = { ...source.wish, database, intoExisting: presence === 'stays', before }
  const script = importScript('import', wish, { target: password, source: source.password ?? '' })
  const content = (): Readable => source.open(heard.onRead).on('error', heard.onError)
  const { onLine } = heard
  const options = { onLine, deadlineSeconds: Infinity, silenceSeconds, ...(signal && { signal }) }
  try {
    const { code, stderr } = await connection.feed(script.text, content, options)
    return heard.why() ?? (stderr.trim().slice(-1000) || `the import ended with ${code}`)
  } catch (error) {
    if (!(error instanceof TrimaranError) && signal?.aborted !== true) throw error
    return (
      heard.why() ?? (error instanceof TrimaranError ? [error.message, error.facts.why || []].flat().join(': ') : '')
    )
  }
}

/** The transaction waits as long as it must, and begins with what is to go. */
function statementsBefore(presence: Presence, database: string): readonly string[] {
  const patience = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout']
    .map((name) => `set ${name} = 0`)
    .join('; ')
  const first = `${patience}; set client_min_messages = warning`
  if (presence === 'is replaced') return [first, `drop owned by ${role}`]
  if (presence === 'stays') return [first]
  const empty = `do $$ begin if (${ownTables}) > 0 then raise exception 'there are tables in ${database} now'; end if; end $$`
  return [first, empty]
}

interface Heard {
  readonly began: () => Began | undefined
  readonly compared: () => ComparedRows | undefined
  readonly isCommitted: () => boolean
  readonly isAnalyzed: () => boolean
  /** Why nothing was imported, in the words of whoever found out first. */
  readonly why: () => string | undefined
  readonly onRead: (bytes: number) => void
  readonly onLine: (line: string) => void
  /** Of the source: a file that cannot be read, or pg_dump. */
  readonly onError: (error: Error) => void
}

/** Listens to the program and to the source: tells how far they are, and keeps how they ended. */
function listen({ source, database, server }: ImportRun, emit: Emit): Heard {
  const { shown, bytes: total } = source
  const into = `importing into ${database} on ${server.name}`
  let [done, toldAt] = [0, 0]
  let began: Began | undefined
  let compared: ComparedRows | undefined
  let why: string | undefined
  const ends = new Set<string>()
  return {
    began: () => began,
    compared: () => compared,
    isCommitted: () => ends.has('committed'),
    isAnalyzed: () => ends.has('analyzed'),
    why: () => why,
    onError: ({ message }) => void (why ??= message),
    onRead(bytes: number) {
      done += bytes
      if (total === undefined || (done < total && performance.now() - toldAt < 200)) return
      toldAt = performance.now()
      emit({ type: 'stage', name: `sending ${shown}`, done, total, unit: 'bytes' })
    },
    onLine(line: string) {
      const said = readImportLine(line)
      if (said === undefined) return
      ends.add(said.type)
      if (said.type === 'began') began = said
      if (said.type === 'compared') compared = said
      if (said.type === 'refused' || said.type === 'cut') why ??= said.why
      if (said.type === 'doing' && (total === undefined || done >= total))
        emit({ type: 'stage', name: into, detail: said.what })
    },
  }
}
