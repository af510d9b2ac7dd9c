import {
  cutDuringDeploy,
  cutDuringDrain,
  cutDuringMaintenance,
  cutDuringReboot,
  cutDuringRollback,
  cutDuringScale,
  cutDuringUpgrade,
  holder,
  named,
  primary,
  replica,
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
import { drainEach, killedDrain, maintenance, rebootAll, undisturbed, upgradeAll } from '../stories/servers.ts'
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
    // The database tier's third vote is on a server of another tier.
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
      rebootAll,
      crashing,
      cutDuringDeploy('an app server', named('app-2')),
      cutDuringDeploy('a web server', named('web-2')),
      cutDuringDeploy('the balancer with the address', holder),
      cutDuringDeploy('the primary', primary),
      cutDuringDeploy('a replica', replica),
      cutDuringDrain('that server itself', named('app-1')),
      cutDuringDrain('the only other app server', named('app-2'), 15),
      cutDuringDrain('a web server', named('web-2')),
      cutDuringDrain('the balancer with the address', holder),
      cutDuringDrain('a replica', replica),
      cutDuringRollback('an app server', named('app-2')),
      cutDuringRollback('the balancer with the address', holder),
      cutDuringReboot('a web server', named('web-2')),
      cutDuringReboot('the primary', primary),
      cutDuringMaintenance('the balancer with the address', holder),
      upgradeAll,
      cutDuringUpgrade('that server itself', named('app-1')),
      cutDuringUpgrade('a web server', named('web-2')),
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
      killedScale,
      cutDuringScale('an app server', named('app-2'), ['app', '4']),
      cutDuringScale('the balancer with the address', holder, ['app', '2']),
      scale('web', 3),
      scale('web', 1),
      scale('balancer', 3),
      scale('balancer', 2),
      scale('database', 2),
      scale('database', 3),
      scale('database', 1),
    ],
  },
]
