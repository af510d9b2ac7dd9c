import { z } from 'zod'

/** The SHA-256 of each archive of a release, unpacked: what a server hands out of it later is held against these. */
export interface ReleaseDigests {
  /** All of it, as app servers have it; absent for a release of a site of files alone. */
  readonly app?: string
  /** Its static files, as web servers have them. */
  readonly static: string
  /** What it takes on the disk of a server that has most of it; absent for those that were built before that was told. */
  readonly bytes?: number
  /** Digests of the settings that it was built for, by name; absent for those that were built before that was told. */
  readonly settings?: Readonly<Record<string, string>>
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const releaseDigestsSchema: z.ZodType<ReleaseDigests> = z.strictObject({
  app: sha256.exactOptional(),
  static: sha256,
  bytes: z.number().int().nonnegative().exactOptional(),
  settings: z
    .record(z.string().regex(/^[a-z][\w.]{0,39}$/i), z.string().regex(/^[0-9a-f]{12}$/))
    .refine((settings) => Object.keys(settings).length <= 30)
    .exactOptional(),
})
