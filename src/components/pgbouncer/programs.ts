import type { File } from '../../resources/resource.ts'
import { pausePath, preRemovePath } from '../../resources/state-folder.ts'
import type { RenderContext } from '../component.ts'
import { hardeningSettings } from '../hardening.ts'
import { readinessProgram } from '../haproxy/index.ts'
import { postgresPort } from '../patroni/index.ts'
import { placeProgram } from '../program.ts'
import { paths, poolPort } from './paths.ts'

/** Seconds to wait for open transactions; after that, nothing is paused. */
const patienceSeconds = 5
/** Seconds after which queries go on, even if the command that paused them is gone. */
export const deadManSeconds = 20
/** Seconds to wait for connected clients before the pool is removed. */
const longestPreRemoveSeconds = 150

/** The programs around PgBouncer; each one says in its head what it does. */
export const programs = ({ stack: { declared } }: RenderContext): readonly File[] => [
  place('pool-console', paths.console, { SOCKETS: paths.sockets, PORT: poolPort }),
  place('pause-database', pausePath('database'), {
    CONSOLE: paths.console,
    READINESS: readinessProgram,
    PAUSED: '/run/trimaran-paused',
    USERS: paths.users,
    POSTGRES_PORT: postgresPort,
    PATIENCE: patienceSeconds,
    DEAD_MAN: deadManSeconds,
    PROPERTIES: hardeningSettings('resumption').map((setting) => `--property=${setting}`),
  }),
  place('pre-remove', preRemovePath('pgbouncer.service'), {
    CONSOLE: paths.console,
    PATIENCE: Math.min(longestPreRemoveSeconds, Math.ceil(declared.app.drainTimeout + declared.app.stopTimeout)),
  }),
]

const place = placeProgram.bind(undefined, import.meta.url)
