import { z } from 'zod'
import * as said from '../../resources/said.ts'

export const etcdDetails = z.strictObject({
  members: said.count,
  reachableMembers: said.count,
  hasLeader: z.boolean(),
  isLeader: z.boolean(),
  serves: z.boolean(),
  databaseBytes: said.bytes.optional(),
})
