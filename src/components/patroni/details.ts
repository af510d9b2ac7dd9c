import { z } from 'zod'
import * as said from '../../resources/said.ts'
import type { Reports } from '../component.ts'

const word = said.text(100)
const lag = z
  .number()
  .min(-(2 ** 53))
  .max(2 ** 53)
/** PostgreSQL's rule for the names of slots. */
const slot = z.string().regex(/^[a-z0-9_]{1,63}$/)

/** PostgreSQL's figures, from `figures.ts`. Names and queries in them come from its clients. */
export const figuresSchema = z.looseObject({
  replicas: z
    .array(
      z.strictObject({
        name: said.text(64),
        state: word,
        /** `quorum` and `sync` confirm writes, `async` does not. */
        syncState: word,
        lagBytes: lag.nullable(),
        lagSeconds: z.number().min(-1e9).max(1e9).nullable(),
      }),
    )
    .max(100)
    .nullish(),
  slots: z
    .array(
      z.strictObject({
        name: slot,
        active: z.boolean(),
        /** `lost` and `unreserved` mean that a replica must copy the database again. */
        walStatus: word.nullable(),
        retainedBytes: lag.nullable(),
      }),
    )
    .max(1000)
    .nullish(),
  /** The transaction that has been open longest. */
  longest: z
    .strictObject({
      pid: z.int().min(0),
      user: z.string().max(64).nullable(),
      seconds: said.seconds,
      query: z.string().max(400),
    })
    .nullish(),
})

/** Of one member, as Patroni's `GET /cluster` lists them: https://patroni.readthedocs.io/en/latest/rest_api.html */
export const memberSchema = z.object({
  name: said.text(100),
  role: word.optional(),
  state: word.optional(),
  lag: z.union([lag, z.literal('unknown')]).optional(),
})

/** The fields that are read of `GET /patroni`; it has more. */
export const selfSchema = z.object({
  state: word.optional(),
  role: word.optional(),
  timeline: said.count.optional(),
  server_version: said.count.optional(),
  replication_state: word.optional(),
  pending_restart: z.boolean().optional(),
  pending_restart_reason: z.record(z.string().regex(/^[\w.]{1,100}$/), z.unknown()).optional(),
  pause: z.boolean().optional(),
  cluster_unlocked: z.boolean().optional(),
  failsafe_mode_is_active: z.boolean().optional(),
  sync_standby: z.boolean().optional(),
  quorum_standby: z.boolean().optional(),
  replication: z.array(z.looseObject({ sync_state: word.optional() })).optional(),
})

export const patroniDetails = z.strictObject({
  role: word.optional(),
  state: word.optional(),
  timeline: said.count.optional(),
  lagBytes: lag.optional(),
  isSynchronous: z.boolean(),
  pendingRestart: z.boolean(),
  isPaused: z.boolean(),
  replicas: figuresSchema.shape.replicas,
  slots: figuresSchema.shape.slots,
  longestTransaction: figuresSchema.shape.longest,
  members: z
    .array(
      z.strictObject({
        name: said.text(100),
        role: word.optional(),
        state: word.optional(),
        lagBytes: z.union([lag, z.literal('unknown')]).optional(),
      }),
    )
    .max(100),
})

export type PatroniDetails = z.infer<typeof patroniDetails>

export const reportDatabase = ({ role, longestTransaction: longest, ...said }: PatroniDetails): Partial<Reports> => ({
  database: {
    isPrimary: role === 'primary' || role === 'master',
    state: said.state,
    timeline: said.timeline,
    lagBytes: said.lagBytes,
    isPaused: said.isPaused,
    replicas: said.replicas ?? [],
    ...(longest != null && { longest: { ...longest, user: longest.user ?? 'nobody known' } }),
  },
})
