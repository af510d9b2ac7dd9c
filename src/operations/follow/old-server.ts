import { z } from 'zod'
import { failure } from '../../errors/failure.ts'
import { parseJson } from '../../observation/parse-json.ts'
import type { Connection } from '../../transport/transport.ts'
import { askElsewhere } from '../import/import-program.ts'
import type { LiveSource } from '../import/live-source.ts'

const names = z.array(z.string().max(200)).max(20)

const facts = z.object({
  walLevel: z.string().max(20),
  /** It follows another server itself. */
  isReplica: z.boolean(),
  mayReplicate: z.boolean(),
  mayPublish: z.boolean(),
  freeSlots: z.int(),
  freeSenders: z.int(),
  hasLargeObjects: z.boolean(),
  tables: z.int().min(0),
  /** Tables of which a changed row could not be found again, and the app there would get an error. */
  withoutKey: names,
  /** Tables that this user does not own, so may not publish. */
  ofOthers: names,
  /** Tables whose policies hold for their owner, too. */
  hidden: names,
  /** Tables that no log has, so that nothing of them is sent. */
  unlogged: names,
})

/** What a server that is to be followed says of itself. */
export type OldServer = z.output<typeof facts>

const own = `from pg_class c join pg_namespace n on n.oid = relnamespace where nspname not in ('pg_catalog', 'information_schema')
  and nspname !~ '^pg_(toast|temp)' and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')`
const tables = `${own} and relkind = 'r' and relpersistence = 'p'`
/** Twenty of them are enough to know what is meant. */
const named = (which: string): string =>
  `(select coalesce(json_agg(name), '[]') from (select format('%I.%I', nspname, relname) as name ${which} order by 1 limit 20) as first)`

/** From PostgreSQL 10 on, which has logical replication. */
export const question = `select json_build_object(
  'walLevel', current_setting('wal_level'), 'isReplica', pg_is_in_recovery(),
  'mayReplicate', (select rolreplication or rolsuper from pg_roles where rolname = current_user)
    or exists (select from pg_roles where rolname = 'rds_replication' and pg_has_role(current_user, oid, 'member')),
  'mayPublish', has_database_privilege(current_database(), 'create'),
  'freeSlots', current_setting('max_replication_slots')::int - (select count(*) from pg_replication_slots),
  'freeSenders', current_setting('max_wal_senders')::int - (select count(*) from pg_stat_replication),
  'hasLargeObjects', exists (select from pg_largeobject_metadata),
  'tables', (select count(*) ${tables}),
  'withoutKey', ${named(`${tables} and not case relreplident when 'f' then true when 'n' then false
    when 'i' then exists (select from pg_index where indrelid = c.oid and indisreplident)
    else exists (select from pg_index where indrelid = c.oid and indisprimary) end`)},
  'ofOthers', ${named(`${tables} and not pg_has_role(current_user, relowner, 'usage')`)},
  'hidden', ${named(`${tables} and relrowsecurity and relforcerowsecurity`)},
  'unlogged', ${named(`${own} and relkind = 'r' and relpersistence = 'u'`)})`

/** @throws TRI-FOLLOW-001 where it does not say */
export async function askOldServer(live: LiveSource, primary: Connection): Promise<OldServer> {
  const script = askElsewhere(live.url, live.password, question)
  const { code, stdout, stderr } = await primary.run(script.text, { deadlineSeconds: 60, mostLetters: 100_000 })
  const read = code === 0 ? facts.safeParse(parseJson(stdout.trim())).data : undefined
  if (read !== undefined) return read
  throw failure('TRI-FOLLOW-001', {
    what: `${live.shown} does not say whether it can be followed`,
    why: stderr.trim().slice(0, 1000) || 'its answer could not be read',
    state: 'nothing was changed',
  })
}

/** Whether another database server reaches it: after a failover, that one follows. @returns why not */
export async function whyUnreached(live: LiveSource, connection: Connection): Promise<string | undefined> {
  const { code, stderr } = await connection.run(askElsewhere(live.url, live.password, 'select 1').text, {
    deadlineSeconds: 60,
  })
  return code === 0 ? undefined : stderr.trim().split('\n')[0]!.slice(0, 300)
}
