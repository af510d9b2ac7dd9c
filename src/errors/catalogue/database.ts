import type { CatalogueEntries } from './entry.ts'

/** Why the primary does not move, and why there is none to talk to. */
export const databaseFailures = {
  'TRI-DATABASE-001': {
    title: 'The primary cannot move now',
    meaning: 'A switchover is checked first: lag, health, etcd, long transactions. Nothing was changed.',
    remedy:
      '`trimaran status` shows the replicas and how far they are behind. `trimaran psql` with `select * from pg_stat_activity` shows long transactions.',
    exitCode: 1,
  },
  'TRI-DATABASE-002': {
    title: 'The switchover did not succeed',
    meaning:
      'Patroni did not move the primary. The message names the primary. No acknowledged write is lost in either case.',
    remedy:
      '`trimaran status` says who leads now; `trimaran logs database patroni --since 10m` says what Patroni decided. Then try again.',
    exitCode: 1,
  },
  'TRI-DATABASE-003': {
    title: 'No database server to connect to',
    meaning: 'No server of the database tier leads now, or there is no replica.',
    remedy:
      '[Outage](../outage.md#the-app-says-that-it-has-no-database) goes through the causes. Leave out `--replica` where the tier has one server.',
    exitCode: 1,
  },
  'TRI-DATABASE-004': {
    title: 'A pool could not pause its queries',
    meaning:
      'Before the primary moves, each pool waits for the transactions that are under way. One took too long. All queries go on, and the primary did not move.',
    remedy: 'End the transaction that the message names, or wait for it, and try again.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
