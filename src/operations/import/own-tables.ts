/** SQL that counts the tables of a database: not those of extensions, and not PostgreSQL's own. From PostgreSQL 9.5 on. */
export const ownTables = `select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname !~ '^pg_(toast|temp)' and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
  and d.objid = c.oid and d.deptype = 'e')`
