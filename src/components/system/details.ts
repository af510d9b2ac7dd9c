import { z } from 'zod'
import * as said from '../../resources/said.ts'

export const systemDetails = z.strictObject({
  cores: z.int().min(1).max(4096),
  load: z.number().min(0).max(1e6).optional(),
  memoryBytes: said.bytes.optional(),
  memoryAvailableBytes: z
    .int()
    .min(-(2 ** 53))
    .max(2 ** 53)
    .optional(),
  diskUsedPercent: z.number().min(0).max(100).optional(),
  disks: z
    .array(
      z.strictObject({
        folder: z.union([said.path, z.literal('/')]),
        usedPercent: z.number().min(0).max(100),
        freeBytes: said.bytes,
      }),
    )
    .max(10),
  bootedAt: z.iso.datetime().optional(),
  clockSource: said.text(60).optional(),
  clockOffsetSeconds: said.seconds.optional(),
  isContainer: z.boolean(),
  needsReboot: z.boolean(),
  failedUnits: z.array(said.unitName).max(1000),
})

export type SystemDetails = z.infer<typeof systemDetails>
