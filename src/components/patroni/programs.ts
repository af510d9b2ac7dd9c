import { leaderFirstCode } from '../../resources/condition.ts'
import type { File } from '../../resources/resource.ts'
import { handOverPath, preRemovePath } from '../../resources/state-folder.ts'
import type { RenderContext } from '../component.ts'
import { clientPort, etcdPaths, metricsPort, settingsPath as etcdSettings } from '../etcd/index.ts'
import { placeProgram } from '../program.ts'
import { limitsOfReplicas } from './limits.ts'
import { paths, postgresPort, restPort } from './paths.ts'

/** The programs around Patroni; each one says in its head what it does. */
export const programs = ({ stack, server }: RenderContext): readonly File[] => [
  // Patroni itself, as its unit starts it. A change takes effect at its next start: a restart would stop PostgreSQL.
  place('patroni/patroni', `${paths.program}/patroni`),
  place('patroni/terms.py', `${paths.program}/terms.py`),
  place('apply-patroni-settings', paths.applySettings, { CONFIG: paths.config }),
  place('compare-settings', paths.compareSettings, {
    CONFIG: paths.config,
    PSQL: `${paths.programs}/psql`,
    DATA: paths.data,
  }),
  place('check-pending-restart', paths.checkPendingRestart, {
    LIMITS: limitsOfReplicas,
    LEADER_FIRST: leaderFirstCode,
  }),
  place('move-etcd-leader', paths.moveEtcdLeader, {
    MEMBER_SETTINGS: etcdSettings,
    ENDPOINT: `https://127.0.0.1:${clientPort}`,
    AUTHORITY: paths.caller.authority,
    CERTIFICATE: paths.caller.certificate,
    KEY: paths.caller.key,
    METRICS_PORT: metricsPort,
    REST_PORT: restPort,
  }),
  place('hand-over', handOverPath('patroni.service'), { CONFIG: paths.config, PSQL: `${paths.programs}/psql` }),
  place('measure-writes', paths.measureWrites, { CONFIG: paths.config, PORT: postgresPort }),
  place('pre-remove', preRemovePath('patroni.service'), {
    HAND_OVER: handOverPath('patroni.service'),
    ETCDCTL: etcdPaths.etcdctl,
    MEMBER: `/service/${stack.name}/members/${server.name}`,
  }),
]

const place = placeProgram.bind(undefined, import.meta.url)
