import { z } from 'zod'
import * as said from '../../resources/said.ts'
import type { Reports } from '../component.ts'

/** HAProxy's rule for names of backends, servers and frontends: configuration manual, section 2. */
const name = z.string().regex(/^[\w.:-]{1,100}$/)

const server = z.strictObject({
  name,
  state: z.enum(['UP', 'DOWN', 'DRAIN', 'MAINT']),
  note: said.text(300).optional(),
  requestsPerSecond: said.count,
})

export const haproxyDetails = z.strictObject({
  frontends: z.array(z.strictObject({ name, requestsPerSecond: said.count, sessions: said.count })).max(200),
  backends: z.array(z.strictObject({ name, servers: z.array(server).max(1000) })).max(200),
})

export type HaproxyDetails = z.infer<typeof haproxyDetails>

export const reportRouting = ({ frontends, backends }: HaproxyDetails): Partial<Reports> => ({
  routing: {
    backends,
    requestsPerSecond: frontends.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
  },
})
