import { z } from 'zod'
import type { Reports } from '../component.ts'
import * as said from '../../resources/said.ts'

export const nginxDetails = z.strictObject({
  release: z.union([said.release, z.literal('')]),
  restarts: said.count,
  requests: said.count.optional(),
  active: said.count.optional(),
})

export type NginxDetails = z.infer<typeof nginxDetails>

export const reportRelease = ({ release }: NginxDetails): Partial<Reports> => ({ release: { serves: release } })
