import { z } from 'zod'
import * as said from '../../resources/said.ts'
import type { Reports } from '../component.ts'

export const etcdDetails = z.strictObject({
  members: said.count,
  reachableMembers: said.count,
  hasLeader: z.boolean(),
  isLeader: z.boolean(),
  serves: z.boolean(),
  databaseBytes: said.bytes.optional(),
})

export type EtcdDetails = z.infer<typeof etcdDetails>

export const reportMember = ({ isLeader, hasLeader, serves }: EtcdDetails): Partial<Reports> => ({
  etcdMember: { isLeader, hasLeader, serves },
})
