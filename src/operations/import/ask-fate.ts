import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { TrimaranError } from '../../errors/failure.ts'
import { parseJson } from '../../observation/parse-json.ts'
import { sh } from '../../shell/sh.ts'
import type { FindPrimary } from '../look/find-primary.ts'
import { askAsSuperuser } from './ask-target.ts'
import { ownTables } from './own-tables.ts'
import type { Began } from './seen-dump.ts'

const answer = z.object({
  transaction: z.enum(['committed', 'aborted', 'in progress']).nullable(),
  tables: z.int().min(0),
})

/** What became of a transaction, in the words of the server that leads now. */
export interface Fate extends z.output<typeof answer> {
  readonly server: string
}

interface About {
  readonly database: string
  readonly findPrimary: FindPrimary
  /** Another server may take over meanwhile, in so many seconds. */
  readonly patienceSeconds?: number
}

/**
 * Ends the import that may still be under way, and asks what became of its transaction.
 * @returns `undefined` where nobody answers
 */
export async function askFate(began: Began | undefined, about: About): Promise<Fate | undefined> {
  const { patienceSeconds = 30 } = about
  const deadline = performance.now() + patienceSeconds * 1000
  for (;;) {
    const fate = await askOnce(began, about)
    // A backend that was ended rolls back, which takes a moment.
    if (fate !== undefined && fate.transaction !== 'in progress') return fate
    if (performance.now() > deadline) return fate
    await sleep(1000)
  }
}

const applicationName = 'trimaran import'

async function askOnce(began: Began | undefined, { database, findPrimary }: About): Promise<Fate | undefined> {
  const isIt = `application_name = '${applicationName}'${began === undefined ? '' : ` and pid = ${began.process}`}`
  const end = `select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where ${isIt}`
  // To a server that never heard of the number it is in the future, which is an error; of the transaction it has nothing.
  const status =
    began === undefined
      ? 'null'
      : `case when exists (select from pg_stat_activity where ${isIt}) then 'in progress'
         when '${began.transaction}'::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then pg_xact_status('${began.transaction}'::xid8)
         else 'aborted' end`
  const look = `select json_build_object('transaction', ${status}, 'tables', (${ownTables}))`
  const script = sh`
    ${askAsSuperuser('postgres', end)} >/dev/null
    ${askAsSuperuser(database, look)}
  `
  try {
    const { server, connection } = await findPrimary()
    const { code, stdout } = await connection.run(script.text, { deadlineSeconds: 60 })
    const said = code === 0 ? answer.safeParse(parseJson(stdout.trim())).data : undefined
    return said && { ...said, server: server.name }
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return undefined
  }
}
