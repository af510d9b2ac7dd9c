import { z } from 'zod'
import * as said from '../../resources/said.ts'

/** Of the copy in the worst state. */
export const appDetails = z.strictObject({
  slot: z.enum(['blue', 'green']),
  release: z.union([said.release, z.literal('')]),
  restarts: said.count,
  milliseconds: said.count,
  memoryBytes: said.bytes.optional(),
})

export type AppDetails = z.infer<typeof appDetails>
