import { z } from 'zod'

export const keepalivedDetails = z.strictObject({
  holdsAddress: z.boolean(),
  vrrpState: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .optional(),
})

export type KeepalivedDetails = z.infer<typeof keepalivedDetails>
