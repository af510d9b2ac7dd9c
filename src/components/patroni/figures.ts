import { sh, type Shell } from '../../shell/sh.ts'
import { paths } from './paths.ts'

/**
 * PostgreSQL's figures, as one line of JSON; nothing where it does not answer within a second. Read by `figuresSchema`.
 */
export function askFigures(): Shell {
  return sh`timeout 1 runuser -u postgres -- ${`${paths.programs}/psql`} --no-psqlrc -AtqX -d postgres -c ${question} 2>/dev/null || true`
}

const here = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end'

const question = `select json_build_object(
  'replicas', (select json_agg(json_build_object('name', application_name, 'state', state, 'syncState', sync_state,
    'lagBytes', pg_wal_lsn_diff(${here}, replay_lsn), 'lagSeconds', round(extract(epoch from replay_lag), 3))) from pg_stat_replication),
  'slots', (select json_agg(json_build_object('name', slot_name, 'active', active, 'walStatus', wal_status,
    'retainedBytes', pg_wal_lsn_diff(${here}, restart_lsn))) from pg_replication_slots where slot_type = 'physical'),
  'longest', (select json_build_object('pid', pid, 'user', usename, 'seconds', extract(epoch from now() - xact_start)::int,
    'query', left(query, 80)) from pg_stat_activity
    where backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid() order by xact_start limit 1))`.replaceAll(
  /\s+/g,
  ' ',
)
