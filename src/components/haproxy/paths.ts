/** Paths of HAProxy on a server. */
export const paths = {
  config: '/etc/haproxy/haproxy.cfg',
  dropIn: '/etc/systemd/system/haproxy.service.d/60-trimaran.conf',
  reload: '/usr/local/lib/trimaran/reload-haproxy',
  /** Sends commands to HAProxy's socket; the programs below call it. */
  ask: '/usr/local/lib/trimaran/ask-haproxy',
  /** Watches the state of a server in the HAProxy here. */
  watch: '/usr/local/lib/trimaran/watch-server',
  /** Changes the readiness of a service on this server. */
  readiness: '/usr/local/lib/trimaran/readiness',
  /** Ends the sessions with database servers that are down. */
  leave: '/etc/haproxy/leave-databases.lua',
  /** The answers that HAProxy itself gives. */
  answer: '/etc/haproxy/answer.lua',
  /** Drops interim answers on their way to nginx. */
  interim: '/etc/haproxy/drop-interim-answers.lua',
  /** What the codes mean with which a request ends. */
  ends: '/etc/haproxy/ends.map',
  /** Succeeds while the local HAProxy answers. */
  alive: '/usr/local/lib/trimaran/haproxy-is-alive',
  adminSocket: '/run/haproxy/admin.sock',
  masterSocket: '/run/haproxy-master.sock',
  /** Lost at a reboot, on purpose: it says nothing about the servers after that. */
  serverState: '/run/haproxy-server-state',
} as const

/** Answers `/alive` and `/metrics`, to this server only. */
export const selfPort = 8404

/** Where visitors come in. */
export const publicPort = 80

/** Where the sidecar itself listens; the socket below leads there. In the abstract namespace, since HAProxy works in a chroot. */
export const innerSocketOf = (service: string): string => `abns@trimaran-to-${service}`

/** The local socket through which a server reaches the next tier over HTTP. */
export const socketOf = (service: string): string => `/run/haproxy/${service}.sock`
