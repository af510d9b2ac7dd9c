import type { RenderContext } from '../component.ts'
import { unseen, verifierOf } from './passwords.ts'

/** Creates the app's role and database, once, right after the first server created its data folder. */
export function renderFirstSql(secret: RenderContext['secret']): string {
  return `-- Placed by Trimaran. Run once by Patroni, when the database is made; never again.
${unseen}create role app login password '${verifierOf('app', secret)}';
create database app owner app;
-- Which queries take the time: \`select * from pg_stat_statements\` as postgres, in the database postgres.
create extension pg_stat_statements;
`
}
