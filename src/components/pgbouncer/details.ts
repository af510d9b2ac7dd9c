import { z } from 'zod'
import * as said from '../../resources/said.ts'

export const pgbouncerDetails = z.strictObject({
  clients: said.count,
  waiting: said.count,
  connections: said.count,
  longestWaitSeconds: said.seconds,
})

export type PgbouncerDetails = z.infer<typeof pgbouncerDetails>
