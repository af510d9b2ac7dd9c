import { z } from 'zod'
import * as said from '../../resources/said.ts'

export const observerDetails = z.strictObject({
  /** Whom it watches: the name of a server. */
  watches: said.text(40).optional(),
  promised: z.boolean(),
})

export type ObserverDetails = z.infer<typeof observerDetails>
