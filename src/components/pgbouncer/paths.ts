import { scriptFolder } from '../../resources/state-folder.ts'

/** Paths of the pool on an app server. */
export const paths = {
  config: '/etc/pgbouncer/pgbouncer.ini',
  users: '/etc/pgbouncer/userlist.txt',
  dropIn: '/etc/systemd/system/pgbouncer.service.d/60-trimaran.conf',
  /** The socket of its console, in this folder. */
  sockets: '/run/pgbouncer',
  console: `${scriptFolder}/pool-console`,
} as const

/** Where the app finds it; PgBouncer's usual port. */
export const poolPort = 6432
