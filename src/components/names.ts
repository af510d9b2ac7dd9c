/** Every piece of software that Trimaran places, in the order in which they are set up on a server. */
export const componentNames = [
  'system',
  'firewall',
  'etcd',
  // Before PostgreSQL: it says from whom a replica may receive.
  'observer',
  'patroni',
  'haproxy',
  'pgbouncer',
  'app',
  'nginx',
  'keepalived',
] as const

export type ComponentName = (typeof componentNames)[number]
