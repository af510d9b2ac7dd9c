import { z } from 'zod'

export const keepalivedDetails = z.strictObject({
  holdsAddress: z.boolean(),
  /** How often the address came to this server in the last five minutes; absent where it did not. */
  moves: z.int().min(0).max(1000).optional(),
  vrrpState: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .optional(),
})

export type KeepalivedDetails = z.infer<typeof keepalivedDetails>
