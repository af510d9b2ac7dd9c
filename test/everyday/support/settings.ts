import {
  appServer,
  cutDuringDeploy,
  cutDuringDrain,
  cutDuringMaintenance,
  cutDuringReboot,
  cutDuringRollback,
  cutDuringScale,
  cutDuringUndrain,
  cutDuringUpgrade,
  holder,
  onlyOtherAppServer,
  primary,
  replica,
  thatServer,
  webServer,
} from '../stories/power.ts'
import {
  anotherEnvironment,
  crashing,
  deploys,
  failedMigration,
  killedDeploy,
  killedRollback,
  neverWell,
  rollback,
} from '../stories/releases.ts'
import { killedScale, scale } from '../stories/scale.ts'
import {
  drainEach,
  killedDrain,
  killedMaintenance,
  maintenance,
  rebootAll,
  undisturbed,
  upgradeAll,
} from '../stories/servers.ts'
import type { Story } from './run-story.ts'
import type { Shape } from './stack.ts'

/** A stack, and what happens to it, in this order. */
export interface Setting {
  readonly title: string
  readonly shape: Shape
  readonly stories: readonly Story[]
}

export const settings: readonly Setting[] = [
  {
    title: 'one app server',
    shape: { title: 'tdayone', counts: { balancer: 2, web: 1, app: 1, database: 1 } },
    stories: [
      undisturbed,
      deploys(10),
      rollback,
      anotherEnvironment,
      neverWell,
      failedMigration,
      killedDeploy,
      killedRollback,
    ],
  },
  {
    title: 'four app servers',
    shape: { title: 'tdayfour', counts: { balancer: 2, web: 1, app: 4, database: 1 } },
    stories: [undisturbed, deploys(3), rollback],
  },
  {
    // The database tier's third etcd member is on a server of another tier.
    title: 'two of each',
    shape: { title: 'tdaytwo', counts: { balancer: 2, web: 2, app: 2, database: 2 }, isPooled: true },
    stories: [
      undisturbed,
      deploys(10),
      rollback,
      neverWell,
      failedMigration,
      killedDeploy,
      killedRollback,
      drainEach,
      killedDrain,
      maintenance,
      killedMaintenance,
      rebootAll,
      crashing,
      cutDuringDeploy(appServer),
      cutDuringDeploy(webServer),
      cutDuringDeploy(holder),
      cutDuringDeploy(primary),
      cutDuringDeploy(replica),
      cutDuringDrain(thatServer),
      cutDuringDrain(onlyOtherAppServer),
      cutDuringDrain(webServer),
      cutDuringDrain(holder),
      cutDuringDrain(replica),
      cutDuringUndrain(webServer),
      cutDuringUndrain(thatServer),
      cutDuringRollback(appServer),
      cutDuringRollback(holder),
      cutDuringReboot(webServer),
      cutDuringReboot(primary),
      cutDuringMaintenance(holder),
      upgradeAll,
      cutDuringUpgrade(thatServer),
      cutDuringUpgrade(webServer),
    ],
  },
  {
    title: 'two of each, without a pool',
    shape: { title: 'tdaybare', counts: { balancer: 2, web: 2, app: 2, database: 2 } },
    stories: [drainEach, rebootAll, upgradeAll],
  },
  {
    title: 'a stack that grows and shrinks',
    shape: { title: 'tdaygrow', counts: { balancer: 2, web: 1, app: 2, database: 1 }, isPooled: true },
    stories: [
      scale('app', 5),
      scale('app', 2),
      killedScale('app', 3, 2),
      cutDuringScale(appServer, 'app', 4),
      cutDuringScale(holder, 'app', 2),
      scale('web', 3),
      scale('web', 1),
      killedScale('web', 2, 1),
      cutDuringScale(holder, 'web', 2),
      scale('balancer', 3),
      scale('balancer', 2),
      killedScale('balancer', 3, 2),
      scale('database', 2),
      scale('database', 3),
      scale('database', 1),
      killedScale('database', 3, 1),
      scale('database', 2),
      cutDuringScale(primary, 'database', 3),
      cutDuringScale(replica, 'database', 2),
    ],
  },
]
