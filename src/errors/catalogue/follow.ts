import type { CatalogueEntries } from './entry.ts'

/** Why a database does not follow a server elsewhere, or not to its end. */
export const followFailures = {
  'TRI-FOLLOW-001': {
    title: 'That server cannot be followed',
    meaning:
      'It was asked first, and so was the database here: the message names all that stands against it. Nothing was changed, here and there.',
    remedy:
      'The old server needs `wal_level = logical`, a user with `REPLICATION` that owns the tables, and a primary key in each table. Where that cannot be, `trimaran db import postgresql://…` copies it once.',
    exitCode: 1,
  },
  'TRI-FOLLOW-002': {
    title: 'Following did not begin',
    meaning: 'What had been made until then was taken away again; the message says what may be left on the old server.',
    remedy: '`trimaran db follow status` tells whether it follows. Once the cause is gone, start again.',
    exitCode: 1,
  },
  'TRI-FOLLOW-003': {
    title: 'The database follows no other server',
    meaning: 'There is nothing to look at, to finish or to give up.',
    remedy: '`trimaran db follow start postgresql://…` begins; `--database` names another database.',
    exitCode: 1,
  },
  'TRI-FOLLOW-004': {
    title: 'It is not known how far following is',
    meaning: 'The primary did not answer, or not as expected.',
    remedy: 'Look at `trimaran status`, then ask again.',
    exitCode: 1,
  },
  'TRI-FOLLOW-005': {
    title: 'It is not the time to finish',
    meaning:
      'Tables are still copied, somebody may still write to the old database, or the two differ. The message says which. It goes on following.',
    remedy: 'Stop the old app, wait until `trimaran db follow status` says that nothing is behind, and finish again.',
    exitCode: 1,
  },
  'TRI-FOLLOW-006': {
    title: 'Something may be left on the old server',
    meaning:
      'Here all is done. The old server did not let its replication slot or its publication be dropped. A slot that nobody reads keeps its log until that disk is full.',
    remedy: 'Run the SQL of the message on the old server, as its superuser.',
    exitCode: 1,
  },
  'TRI-FOLLOW-007': {
    title: 'Following could not be given up',
    meaning: 'It was begun, and did not come to its end.',
    remedy: 'Run `trimaran db follow abandon` again: it goes on with what is left.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
