-- A request that is sent twice (a double click, a retry after a lost connection) brings the same key, and signs once.
-- The column may be null: while a release rolls out, the release before this one still writes entries without it.
alter table entries add column key text unique;
