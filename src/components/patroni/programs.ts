import { leaderFirstCode } from '../../resources/condition.ts'
import type { File } from '../../resources/resource.ts'
import { handOverPath, preRemovePath } from '../../resources/state-folder.ts'
import type { RenderContext } from '../component.ts'
import { clientPort, etcdPlaces, metricsPort, settingsPath as etcdSettings } from '../etcd/index.ts'
import { placeProgram } from '../program.ts'
import { limitsOfReplicas } from './limits.ts'
import { places, postgresPort, restPort } from './places.ts'

/** What stands around Patroni: each says itself what it does. */
export const programs = ({ stack, server }: RenderContext): readonly File[] => [
  // Patroni itself, as its unit starts it. Read when it starts: a restart for it would stop PostgreSQL.
  place('patroni/patroni', `${places.program}/patroni`),
  place('patroni/terms.py', `${places.program}/terms.py`),
  place('apply-patroni-settings', places.applySettings, { CONFIG: places.config }),
  place('check-pending-restart', places.checkPendingRestart, {
    LIMITS: limitsOfReplicas,
    LEADER_FIRST: leaderFirstCode,
  }),
  place('move-etcd-leader', places.moveEtcdLeader, {
    MEMBER_SETTINGS: etcdSettings,
    ENDPOINT: `https://127.0.0.1:${clientPort}`,
    AUTHORITY: places.caller.authority,
    CERTIFICATE: places.caller.certificate,
    KEY: places.caller.key,
    METRICS_PORT: metricsPort,
    REST_PORT: restPort,
  }),
  place('hand-over', handOverPath('patroni.service'), { CONFIG: places.config, PSQL: `${places.programs}/psql` }),
  place('measure-writes', places.measureWrites, { CONFIG: places.config, PORT: postgresPort }),
  place('pre-remove', preRemovePath('patroni.service'), {
    HAND_OVER: handOverPath('patroni.service'),
    ETCDCTL: etcdPlaces.etcdctl,
    MEMBER: `/service/${stack.name}/members/${server.name}`,
  }),
]

const place = placeProgram.bind(undefined, import.meta.url)
