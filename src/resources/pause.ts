import { sh } from '../shell/sh.ts'
import type { Step } from './resource.ts'
import { pausePath } from './state-folder.ts'

/** Longer than the program itself is patient: it ends by itself. */
const deadlineSeconds = 30

/** What a server asks of a tier waits from now on; nobody is told an error. */
export const pause = (tier: string): Step => ({
  kind: 'unit',
  name: `requests to the ${tier}`,
  action: 'pause',
  reason: 'they wait while another server takes the lead there',
  disturbs: 'nothing',
  apply: sh`timeout ${deadlineSeconds} ${pausePath(tier)} pause`,
  rollBack: sh`timeout ${deadlineSeconds} ${pausePath(tier)} cancel`,
})

/** It goes on, once that tier does its work again. */
export const resume = (tier: string): Step => ({
  kind: 'unit',
  name: `requests to the ${tier}`,
  action: 'resume',
  reason: 'another server leads, and they go on',
  disturbs: 'nothing',
  apply: sh`timeout ${deadlineSeconds} ${pausePath(tier)} resume`,
})
