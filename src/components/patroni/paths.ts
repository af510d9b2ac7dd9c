/** Where things are on a database server. */
export const paths = {
  config: '/etc/patroni/config.yml',
  firstSql: '/etc/patroni/create-app-database.sql',
  passwordSql: '/etc/patroni/set-passwords.sql',
  /** What Patroni, and what it runs, shows etcd. */
  caller: { authority: '/etc/patroni/etcd-ca.crt', certificate: '/etc/patroni/etcd.crt', key: '/etc/patroni/etcd.key' },
  data: '/var/lib/postgresql/17/main',
  programs: '/usr/lib/postgresql/17/bin',
  /** Written by Patroni, for PostgreSQL; gone once PostgreSQL has stopped. */
  passwords: '/run/postgresql/patroni.pgpass',
  sockets: '/var/run/postgresql',
  applySettings: '/usr/local/lib/trimaran/apply-patroni-settings',
  checkPendingRestart: '/usr/local/lib/trimaran/check-pending-restart',
  /** Patroni is started by this: it binds to the term who confirms. */
  program: '/usr/local/lib/trimaran/patroni',
  measureWrites: '/usr/local/lib/trimaran/measure-writes',
  /** Placed by the observer, where there is one. */
  establishTerm: '/usr/local/lib/trimaran/establish-term',
  moveEtcdLeader: '/usr/local/lib/trimaran/move-etcd-leader',
} as const

export const postgresPort = 5432
export const restPort = 8008
/** Where an app server reads from replicas: the sidecar's second port. */
export const replicasPort = 5433
/** A replica further behind the primary than this answers no reads. */
export const replicaLag = '16MB'
