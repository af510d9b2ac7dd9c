import type { CatalogueEntries } from './entry.ts'

/** Why an existing database does not come into the stack. */
export const importFailures = {
  'TRI-IMPORT-001': {
    title: 'What is to be imported is no dump, or cannot be read',
    meaning:
      'A dump is known by its content: SQL, an archive of pg_dump, or a folder of it. A server elsewhere is asked with the address that was given. Nothing was changed.',
    remedy:
      'Make the dump with `pg_dump -Fc DATABASE`, of one database, without `--create`. `trimaran db import --help` has the forms of an address.',
    exitCode: 1,
  },
  'TRI-IMPORT-002': {
    title: 'The dump does not fit the database of the stack',
    meaning:
      'It was compared first: tables that are there already, extensions, room on the disk. The message names what differs. Nothing was changed.',
    remedy:
      'An extension needs its package in `database.packages` and its name in `database.extensions`, then `trimaran up`. `--replace` deletes what is in the database; `--into-existing` keeps it.',
    exitCode: 1,
  },
  'TRI-IMPORT-003': {
    title: 'The import failed',
    meaning:
      'It is one transaction: the message says in PostgreSQL’s words why it was rolled back, and what is in the database now. Lines are those of the dump, where that is SQL.',
    remedy:
      'What needs a superuser (event triggers, untrusted languages) is created with `trimaran psql` afterwards: leave it out of the dump. Then import again.',
    exitCode: 1,
  },
  'TRI-IMPORT-004': {
    title: 'The database servers may not connect to the old server',
    meaning:
      'Their firewall lets out what a link names, and nothing else; no link leads to the server that is to be read. Nothing was changed.',
    remedy:
      'Write the link that the message has into `links`, and run `trimaran up`. Take it out again when all is done. A copy can be read from this computer instead: `--from-here`.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
