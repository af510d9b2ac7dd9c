import type { Readable } from 'node:stream'
import { failure, TrimaranError } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { countOf } from '../../speech/count-of.ts'
import type { Server } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import { interrupted } from '../interrupted.ts'
import type { Terms } from '../operator.ts'
import { askAsSuperuser } from './ask-target.ts'
import type { Presence } from './find-differences.ts'
import { importScript } from './import-program.ts'
import type { ImportSource } from './import-source.ts'
import { ownTables } from './own-tables.ts'
import { type Committed, readImportLine } from './seen-dump.ts'

export interface ImportRun {
  readonly source: ImportSource
  readonly server: Server
  readonly database: string
  readonly presence: Presence
  /** How many tables it had before. */
  readonly tablesBefore: number
  /** Of the app's role, which imports. */
  readonly password: string
}

/** The app's role owns what it creates, and may do no more than that. */
const role = 'app'

/** The program on the primary says every five seconds that it lives. */
const silenceSeconds = 60

/**
 * Imports in one transaction: all of it, or nothing.
 * @throws TRI-IMPORT-003 where nothing was imported, or it is not known; TRI-STOP-001
 */
export async function runImport(run: ImportRun, connection: Connection, terms: Terms): Promise<Committed> {
  const heard = listen(run, terms.emit)
  const why = await feed(run, connection, terms, heard)
  // What was committed stays, whatever happened to the connection or to ANALYZE after it.
  const committed = heard.committed()
  if (committed !== undefined) return await requireThere(run, committed, connection)
  const state = await endAndLook(run, connection)
  if (terms.signal?.aborted === true) throw interrupted(state, 'run it again when you like: it begins anew')
  throw failure('TRI-IMPORT-003', {
    what: `${run.source.shown} was not imported`,
    why,
    state,
    next: 'there is nothing to clean up: once the cause is gone, import again',
  })
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
  readonly committed: () => Committed | undefined
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
  let committed: Committed | undefined
  let why: string | undefined
  return {
    committed: () => committed,
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
      if (said?.type === 'committed') committed = said
      if (said?.type === 'refused' || said?.type === 'cut') why ??= said.why
      if (said?.type === 'doing' && (total === undefined || done >= total))
        emit({ type: 'stage', name: into, detail: said.what })
    },
  }
}

/** Another look, from another session: what was committed is there for everybody. */
async function requireThere(run: ImportRun, committed: Committed, connection: Connection): Promise<Committed> {
  const { code, stdout, stderr } = await connection.run(askAsSuperuser(run.database, ownTables).text)
  const least = run.presence === 'stays' ? 0 : committed.tables.count
  if (code === 0 && Number(stdout.trim()) >= least) return committed
  throw failure('TRI-IMPORT-003', {
    what: `${run.source.shown} was committed, and is not found in ${run.database} on ${run.server.name}`,
    why:
      stderr.trim().slice(0, 1000) || `${countOf(Number(stdout.trim()), 'table')} instead of ${committed.tables.count}`,
  })
}

const applicationName = 'trimaran import'

/** Ends an import that may still be under way, and says what is in the database then. */
async function endAndLook({ database, server, tablesBefore }: ImportRun, connection: Connection): Promise<string> {
  const end = `select count(pg_terminate_backend(pid, 30000)) from pg_stat_activity where application_name = '${applicationName}'`
  const script = `${askAsSuperuser('postgres', end).text} >/dev/null\n${askAsSuperuser(database, ownTables).text}`
  try {
    const { code, stdout } = await connection.run(script, { deadlineSeconds: 60 })
    const tables = /^\d+$/.test(stdout.trim()) ? Number(stdout.trim()) : undefined
    if (code !== 0 || tables === undefined)
      return `what is in ${database} could not be asked; the import is one transaction, so it is all of it or nothing`
    if (tables === tablesBefore)
      return `nothing of it is in ${database} on ${server.name}, which has ${countOf(tables, 'table')} as before`
    return `${database} on ${server.name} has ${countOf(tables, 'table')}, before ${countOf(tablesBefore, 'table')}: it was committed, or somebody else changed it`
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return `${server.name} does not answer; the import is one transaction, so all of it is in ${database}, or nothing`
  }
}
