import type { RenderContext } from '../component.ts'

/** Makes the app's role and database, once, right after the very first server made its data folder. */
export function renderFirstSql(secret: RenderContext['secret']): string {
  return `-- Placed by Trimaran. Run once by Patroni, when the database is made; never again.
-- Not even an error may write the password to the log.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
create role app login password '${secret('postgres-app')}';
create database app owner app;
-- Which queries take the time: \`select * from pg_stat_statements\` as postgres, in the database postgres.
create extension pg_stat_statements;
`
}
