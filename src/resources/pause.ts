import { sh, type Shell } from '../shell/sh.ts'
import type { Step } from './resource.ts'
import { pausePath } from './state-folder.ts'

/** Longer than the program itself waits: it ends by itself. */
const deadlineSeconds = 30

/** What a server asks of a tier waits from now on; nobody is told an error. */
export const pause = (tier: string): Step => ({
  ...call(tier, 'pause', 'they wait while another server takes the lead there'),
  rollBack: run(tier, 'cancel'),
})

/** It goes on, once that tier does its work again. */
export const resume = (tier: string): Step => call(tier, 'resume', 'another server leads, and they go on')

const call = (tier: string, action: 'pause' | 'resume', reason: string): Step => ({
  kind: 'unit',
  name: `requests to the ${tier}`,
  action,
  reason,
  disturbs: 'nothing',
  apply: run(tier, action),
})

const run = (tier: string, order: 'pause' | 'resume' | 'cancel'): Shell =>
  sh`timeout ${deadlineSeconds} ${pausePath(tier)} ${order}`
