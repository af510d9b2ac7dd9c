import { buildRouteMap } from '@stricli/core'
import { check } from './check.ts'
import { db } from './db.ts'
import { deploy } from './deploy.ts'
import { down } from './down.ts'
import { drain } from './drain.ts'
import { exec } from './exec.ts'
import { explain } from './explain.ts'
import { history } from './history.ts'
import { init } from './init.ts'
import { lab } from './lab.ts'
import { logs } from './logs.ts'
import { maintenance } from './maintenance.ts'
import { plan } from './plan.ts'
import { psql } from './psql.ts'
import { reboot } from './reboot.ts'
import { upgrade } from './upgrade.ts'
import { scale } from './scale.ts'
import { replace } from './replace.ts'
import { releases } from './releases.ts'
import { rollback } from './rollback.ts'
import { status } from './status.ts'
import { switchover } from './switchover.ts'
import { undrain } from './undrain.ts'
import { up } from './up.ts'
import { verify } from './verify.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** All verbs, in the order in which a newcomer meets them. */
export const routes = buildRouteMap({
  routes: {
    init,
    check,
    explain,
    plan,
    up,
    deploy,
    rollback,
    releases,
    history,
    status,
    verify,
    logs,
    exec,
    psql,
    db,
    drain,
    undrain,
    reboot,
    upgrade,
    scale,
    replace,
    switchover,
    maintenance,
    down,
    lab,
  },
  docs: {
    brief: 'A highly available web stack on your own Linux servers, from one typed file',
    fullDescription: [
      'A highly available web stack on your own Linux servers, from one typed file.',
      '',
      `Start with ${trimaran('init')}, then ${trimaran('up --lab')} to see it run on this computer.`,
      'Exit codes: 0 well, 1 failed, 2 wrong usage or config, 3 changes (plan), 4 unwell (status).',
    ].join('\n'),
  },
})
