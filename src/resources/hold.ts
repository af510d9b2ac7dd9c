import { sh } from '../shell/sh.ts'
import type { Step } from './resource.ts'
import { holdPath } from './state-folder.ts'

/** Longer than the program itself is patient: it ends by itself. */
const deadlineSeconds = 30

/** What a server asks of a tier waits from now on; nobody is told an error. */
export const hold = (tier: string): Step => ({
  kind: 'unit',
  name: `requests to the ${tier}`,
  action: 'hold',
  reason: 'they wait while another server takes the lead there',
  disturbs: 'nothing',
  apply: sh`timeout ${deadlineSeconds} ${holdPath(tier)} hold`,
  rollBack: sh`timeout ${deadlineSeconds} ${holdPath(tier)} resume`,
})

/** It goes on, once that tier does its work again. */
export const letGo = (tier: string): Step => ({
  kind: 'unit',
  name: `requests to the ${tier}`,
  action: 'let go',
  reason: 'another server leads, and they go on',
  disturbs: 'nothing',
  apply: sh`timeout ${deadlineSeconds} ${holdPath(tier)} let-go`,
})
