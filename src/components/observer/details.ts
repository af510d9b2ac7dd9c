import { z } from 'zod'
import * as said from '../../resources/said.ts'

export const observerDetails = z.strictObject({
  /** The name of the server that it watches. */
  watches: said.text(40).optional(),
  promised: z.boolean(),
})

export type ObserverDetails = z.infer<typeof observerDetails>
