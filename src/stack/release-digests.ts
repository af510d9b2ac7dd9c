import { z } from 'zod'

/** The SHA-256 of each archive of a release, unpacked: what a server hands out of it later is held against these. */
export interface ReleaseDigests {
  /** All of it, as app servers have it. */
  readonly app: string
  /** Its static files, as web servers have them. */
  readonly static: string
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const releaseDigestsSchema: z.ZodType<ReleaseDigests> = z.strictObject({ app: sha256, static: sha256 })
