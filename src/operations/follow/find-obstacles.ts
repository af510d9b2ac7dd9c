import { countOf } from '../../speech/count-of.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { Differences, Refusal } from '../import/find-differences.ts'
import type { OldServer } from './old-server.ts'

/** The first version with logical replication. */
const least = 10

/** Whether a version may be followed at all: older ones could not even be asked for the rest. */
export function refuseVersion(version: string | undefined): readonly Refusal[] {
  if (Number.parseInt(version ?? '', 10) >= least) return []
  return [
    {
      why: `it is PostgreSQL ${version ?? 'of an unknown version'}: logical replication came with ${least}`,
      next: `copy it once, with ${trimaran('db import postgresql://…')}, while its app stands still`,
    },
  ]
}

/** A slot for itself, and one more for the tables that are copied one after the other. */
const neededSlots = 2

type Rule = readonly [holds: (old: OldServer) => boolean, why: (old: OldServer) => string, next: string]

const list = (names: readonly string[]): string => names.join(', ') + (names.length < 20 ? '' : ' …')

const rules: readonly Rule[] = [
  [({ isReplica }) => isReplica, () => 'it is a replica, and takes no publication', 'name its primary'],
  [
    ({ walLevel }) => walLevel !== 'logical',
    ({ walLevel }) => `its wal_level is ${walLevel}, and logical is needed`,
    "run `alter system set wal_level = 'logical'` there, and restart that PostgreSQL",
  ],
  [
    ({ mayReplicate }) => !mayReplicate,
    () => 'this user may not replicate',
    'run `alter role … replication` there as a superuser (with a provider: its own right, such as rds_replication)',
  ],
  [
    ({ mayPublish, ofOthers }) => !mayPublish || ofOthers.length > 0,
    ({ ofOthers }) =>
      ofOthers.length > 0
        ? `this user does not own ${list(ofOthers)}, and only an owner publishes a table`
        : 'this user may not create a publication in that database',
    'name the owner of the tables, or a superuser, in the address',
  ],
  [
    ({ withoutKey }) => withoutKey.length > 0,
    ({ withoutKey }) =>
      `these tables have no primary key, so a changed row could not be found again, and the app there would get errors: ${list(withoutKey)}`,
    'give each a primary key there, or `alter table … replica identity full`, which is slow for large tables',
  ],
  [
    ({ hasLargeObjects }) => hasLargeObjects,
    () => 'it has large objects, and logical replication leaves those out',
    `copy it once, with ${trimaran('db import postgresql://…')}`,
  ],
  [
    ({ hidden }) => hidden.length > 0,
    ({ hidden }) => `policies of these tables hold for their owner, too, as whom rows come here: ${list(hidden)}`,
    'run `alter table … no force row level security` there until all is done',
  ],
  [
    ({ freeSlots, freeSenders }) => Math.min(freeSlots, freeSenders) < neededSlots,
    ({ freeSlots, freeSenders }) =>
      `it has room for ${countOf(Math.max(0, freeSlots), 'slot')} and ${countOf(Math.max(0, freeSenders), 'sender')} more, and ${neededSlots} of each are needed`,
    'raise max_replication_slots and max_wal_senders there, or drop slots that nobody uses',
  ],
  [({ tables }) => tables === 0, () => 'it has no tables that could be followed', 'name another database'],
]

/** What stands against following a server, and what its operator should know before. */
export const findObstacles = (old: OldServer, name: string): Differences => ({
  refusals: rules.filter(([holds]) => holds(old)).map(([, why, next]) => ({ why: why(old), next })),
  remarks: [
    `Until ${trimaran('db follow finish')} or ${trimaran('db follow abandon')}, the slot ${name} on the old server keeps all that was not sent yet: forgotten, it fills that disk`,
    'Do not change tables there meanwhile: rows are followed, and nothing else. Here the app may only read until the end',
    ...(old.unlogged.length > 0
      ? [`These tables are unlogged: they come empty, and stay empty: ${list(old.unlogged)}`]
      : []),
  ],
})
