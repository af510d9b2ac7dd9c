/**
 * What the daemons of a server may do. Every unit gets all of `strictest`, except where the table below says what it
 * needs instead, and why. Measured scores: `docs/decisions/hardening.md`.
 */

/** The strictest settings of systemd.exec(5) for a daemon that only serves the network. */
const strictest = {
  NoNewPrivileges: 'yes',
  CapabilityBoundingSet: '',
  AmbientCapabilities: '',
  UMask: '0077',
  ProtectSystem: 'strict',
  ReadWritePaths: undefined,
  ProtectHome: 'yes',
  PrivateTmp: 'yes',
  PrivateDevices: 'yes',
  DevicePolicy: undefined,
  DeviceAllow: undefined,
  ProtectKernelTunables: 'yes',
  ProtectKernelModules: 'yes',
  ProtectKernelLogs: 'yes',
  ProtectControlGroups: 'yes',
  ProtectClock: 'yes',
  ProtectHostname: 'yes',
  ProtectProc: 'invisible',
  LockPersonality: 'yes',
  RemoveIPC: 'yes',
  RestrictNamespaces: 'yes',
  RestrictRealtime: 'yes',
  RestrictSUIDSGID: 'yes',
  RestrictAddressFamilies: 'AF_UNIX AF_INET AF_INET6',
  MemoryDenyWriteExecute: 'yes',
  SystemCallArchitectures: 'native',
  SystemCallFilter: '@system-service',
  SystemCallErrorNumber: 'EPERM',
} as const satisfies Readonly<Record<string, string | undefined>>

export type Setting = keyof typeof strictest

/** What a unit needs instead; without a value, the setting is left out. */
interface Need {
  readonly value?: string
  readonly why: string
}

type Needs = Readonly<Partial<Record<Setting, Need>>>

/** All but NoNewPrivileges, which every unit must have. */
const needs = {
  haproxy: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL',
      why: 'As root it opens port 80 and its sockets; its worker then enters a chroot without any right, and is ended by its master.',
    },
    ReadWritePaths: {
      value: '/run /var/lib/haproxy',
      why: "Its sockets, its pid file, the states of servers that a reload keeps, and Debian's chroot.",
    },
    MemoryDenyWriteExecute: { why: 'Regular expressions are compiled to machine code (PCRE2).' },
    SystemCallFilter: { value: '@system-service chroot', why: 'See the capabilities.' },
  },
  nginx: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL',
      why: 'Its master opens port 80 and the logs as root, and starts and ends workers without any right.',
    },
    ReadWritePaths: {
      value: '/run /var/log/nginx /var/lib/nginx',
      why: 'Its pid file, logs, and request bodies that do not fit into memory.',
    },
  },
  keepalived: {
    CapabilityBoundingSet: {
      value:
        'CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BROADCAST CAP_SETUID CAP_SETGID CAP_KILL CAP_SYS_NICE CAP_IPC_LOCK CAP_DAC_OVERRIDE',
      why: 'It sets the address, speaks VRRP and ARP, is never swapped out, and checks HAProxy as an unprivileged user.',
    },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET',
      why: 'Addresses are set through netlink and announced with ARP.',
    },
    ReadWritePaths: { value: '/run', why: 'Its pid files.' },
  },
  patroni: {
    ProtectSystem: {
      value: 'full',
      why: 'Tablespaces and WAL archives may be anywhere: only programs and settings are read-only.',
    },
    PrivateTmp: {
      why: 'PostgreSQL may outlive Patroni, and would lose its /tmp with the unit of Patroni.',
    },
    RemoveIPC: {
      value: 'no',
      why: 'PostgreSQL may outlive Patroni, and would lose its shared memory with the unit of Patroni.',
    },
    PrivateDevices: { value: 'no', why: "The kernel's watchdog is a device." },
    DevicePolicy: { value: 'closed', why: 'Only that device and harmless ones.' },
    DeviceAllow: { value: '/dev/watchdog rw', why: 'See above.' },
    MemoryDenyWriteExecute: { why: 'PostgreSQL compiles large queries to machine code (jit).' },
  },
  etcd: {
    ReadWritePaths: { value: '/var/lib/etcd', why: 'Its data.' },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: 'It looks up its own network interface through netlink.',
    },
  },
  firewall: {
    CapabilityBoundingSet: { value: 'CAP_NET_ADMIN', why: 'It sets rules of nftables. Nothing else.' },
    RestrictAddressFamilies: { value: 'AF_UNIX AF_NETLINK', why: 'Rules are set through netlink.' },
  },
  observer: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_ADMIN',
      why: 'It sets rules of nftables (a promise is one), and marks its own probes. Nothing else.',
    },
    AmbientCapabilities: { value: 'CAP_NET_ADMIN', why: 'It runs as an unprivileged user.' },
    RestrictAddressFamilies: { value: 'AF_UNIX AF_INET AF_NETLINK', why: 'Rules are set through netlink.' },
    RemoveIPC: { value: 'no', why: 'It runs as the user of PostgreSQL, whose shared memory must not be removed.' },
  },
  pgbouncer: {
    RemoveIPC: { value: 'no', why: 'It runs as the user of PostgreSQL, who may have other IPC objects here.' },
  },
  retirement: {
    CapabilityBoundingSet: { value: 'CAP_DAC_OVERRIDE', why: "It asks HAProxy over HAProxy's own socket." },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: "The kernel's list of connections comes through netlink.",
    },
    ReadWritePaths: { value: '/run', why: 'It writes there how many requests were cut off.' },
  },
  resumption: {
    CapabilityBoundingSet: {
      value: 'CAP_SETUID CAP_SETGID CAP_DAC_OVERRIDE',
      why: "It connects to PgBouncer as the user that PgBouncer accepts, and to HAProxy's own socket.",
    },
    ReadWritePaths: { value: '/run', why: 'It writes there since when queries are paused.' },
  },
  reach: {
    CapabilityBoundingSet: { value: 'CAP_NET_ADMIN', why: 'It sets rules of nftables.' },
    RestrictAddressFamilies: { value: 'AF_UNIX AF_NETLINK', why: 'Rules are set through netlink.' },
    ReadWritePaths: { value: '/run', why: 'It writes there what it has set.' },
  },
  names: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_ADMIN CAP_NET_BIND_SERVICE',
      why: 'It adds addresses to sets of nftables, and listens at a port that the app cannot take.',
    },
    AmbientCapabilities: {
      value: 'CAP_NET_ADMIN CAP_NET_BIND_SERVICE',
      why: 'It runs as an unprivileged user.',
    },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: 'Sets are filled through netlink, which also tells it the addresses of this server.',
    },
  },
  app: {
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: 'Runtimes list the network interfaces through netlink.',
    },
    MemoryDenyWriteExecute: {
      why: 'Node, Java, PHP, .NET and Ruby compile at run time. ProcSubset=pid is left out, too: runtimes count cores in /proc/cpuinfo.',
    },
  },
} as const satisfies Readonly<Record<string, Needs>>

export type Hardened = keyof typeof needs

/** The lines of `[Service]` that restrict a unit. */
export function hardening(unit: Hardened): string {
  const more: Needs = needs[unit]
  const settings = (Object.keys(strictest) as Setting[]).filter((name) => more[name] === undefined)
  const own = (Object.keys(strictest) as Setting[]).flatMap((name) =>
    more[name] === undefined ? [] : [{ name, ...more[name] }],
  )
  return [
    '# Everything that it may do on this server (docs/decisions/hardening.md):',
    ...settings.flatMap((name) => (strictest[name] === undefined ? [] : [`${name}=${strictest[name]}`])),
    ...own.flatMap(({ name, value, why }) => [
      `# ${value === undefined ? `No ${name}: ` : ''}${why}`,
      ...(value === undefined ? [] : [`${name}=${value}`]),
    ]),
  ].join('\n')
}

/**
 * What Debian's unit of a journal leaves open. Debian sets all others. Not set are those that hide processes or change
 * file permissions, since it records which process wrote a line, and no private /tmp: it takes large messages from
 * files there.
 */
export const journalHardening = `# What Debian's unit leaves open, and a journal does not need.
ProtectSystem=full
ProtectHome=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes`

/** The same as options of `systemd-run`. */
export const hardeningSettings = (unit: Hardened): readonly string[] =>
  hardening(unit)
    .split('\n')
    .filter((line) => !line.startsWith('#'))
