import { z } from 'zod'

const why = z.string().max(8192)
const name = z.string().max(300)
const bytes = z.number().min(0)
/** SQL for the other server, where it did not answer: drops the slots and the publication. */
const byHand = z.string().max(1000)

const slot = z.object({
  isActive: z.boolean(),
  /** Written there, and not here yet. */
  lagBytes: bytes,
  /** What the slot keeps on the disk of the other server. */
  keptBytes: bytes.nullable(),
})

const sessions = z.array(z.object({ user: name.nullable(), program: name.nullable(), count: z.int().min(0) })).max(10)

/** What the other server says of it, or why it says nothing. */
const there = z.union([
  z.object({ why }),
  z.object({
    slot: slot.nullable(),
    lagSeconds: z.number().nullable(),
    isReadOnly: z.boolean(),
    /** Who else is logged in to the database there. */
    sessions,
  }),
])

/** One line of `files/follow-database`. A stranger's words. */
export const followLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alive') }),
  z.object({ type: z.literal('doing'), what: name }),
  z.object({ type: z.literal('begun'), tables: z.int().min(0) }),
  z.object({ type: z.literal('refused'), why }),
  z.object({ type: z.literal('unreached'), why }),
  /** The following is over; `why` says why something of it may be left on the other server. */
  z.object({ type: z.literal('gone'), source: name, why: z.string().max(8192), byHand }),
  z.object({
    type: z.literal('status'),
    isFollowing: z.boolean(),
    source: name.optional(),
    /** How many tables are how far, by the letters of `pg_subscription_rel`. */
    tables: z.record(z.string().max(1), z.int().min(0)).optional(),
    isEnabled: z.boolean().optional(),
    isWorking: z.boolean().nullish(),
    failures: z.int().min(0).nullish(),
    there: there.optional(),
  }),
  z.object({
    type: z.literal('finished'),
    tables: z.int().min(0),
    rows: z.int().min(0),
    sequences: z.int().min(0),
    source: name,
    byHand,
  }),
  z.object({ type: z.literal('cleared') }),
  z.object({ type: z.literal('analyzed') }),
])
export type FollowLine = z.output<typeof followLine>
export type There = z.output<typeof there>
