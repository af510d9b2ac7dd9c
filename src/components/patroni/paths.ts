/** Paths on a database server. */
export const paths = {
  config: '/etc/patroni/config.yml',
  firstSql: '/etc/patroni/create-app-database.sql',
  passwordSql: '/etc/patroni/set-passwords.sql',
  /** The etcd certificate of Patroni and its programs. */
  caller: { authority: '/etc/patroni/etcd-ca.crt', certificate: '/etc/patroni/etcd.crt', key: '/etc/patroni/etcd.key' },
  data: '/var/lib/postgresql/17/main',
  programs: '/usr/lib/postgresql/17/bin',
  /** Written by Patroni for PostgreSQL; removed when PostgreSQL has stopped. */
  passwords: '/run/postgresql/patroni.pgpass',
  sockets: '/var/run/postgresql',
  applySettings: '/usr/local/lib/trimaran/apply-patroni-settings',
  compareSettings: '/usr/local/lib/trimaran/compare-settings',
  checkPendingRestart: '/usr/local/lib/trimaran/check-pending-restart',
  /** Starts Patroni, with a change: it binds the list of confirming replicas to the term. */
  program: '/usr/local/lib/trimaran/patroni',
  measureWrites: '/usr/local/lib/trimaran/measure-writes',
  /** Placed by the observer component, where there is one. */
  establishTerm: '/usr/local/lib/trimaran/establish-term',
  moveEtcdLeader: '/usr/local/lib/trimaran/move-etcd-leader',
} as const

export const postgresPort = 5432
export const restPort = 8008
/** The sidecar's second port, which leads to replicas. */
export const replicasPort = 5433
/** A replica with more lag than this gets no reads. */
export const replicaLag = '16MB'
