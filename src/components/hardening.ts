/**
 * What the daemons of a server may do. systemd holds every unit to all of `strictest`, but for what the table below says
 * that it needs more, and why. Measured scores: `docs/decisions/hardening.md`.
 */

/** Settings of systemd.exec(5), as strict as they get for something that only serves the network. */
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

/** What a unit needs instead; without a value, the setting is not made at all. */
interface Need {
  readonly value?: string
  readonly why: string
}

type Needs = Readonly<Partial<Record<Setting, Need>>>

/** NoNewPrivileges apart, which nothing here may lack. */
const needs = {
  haproxy: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL',
      why: 'It opens port 80 and its sockets for others as root; its worker then goes into a chroot without any right, and is told to end by its master.',
    },
    ReadWritePaths: {
      value: '/run /var/lib/haproxy',
      why: "Its sockets and its pid file, what a reload hands on of the servers' states, and Debian's chroot.",
    },
    MemoryDenyWriteExecute: { why: 'Regular expressions are compiled to machine code (PCRE2).' },
    SystemCallFilter: { value: '@system-service chroot', why: 'See the capabilities.' },
  },
  nginx: {
    CapabilityBoundingSet: {
      value: 'CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL',
      why: 'Its master opens port 80 and the logs as root, and starts and ends workers that have no right at all.',
    },
    ReadWritePaths: {
      value: '/run /var/log/nginx /var/lib/nginx',
      why: 'Its pid file, logs, and bodies that are too large for its memory.',
    },
  },
  keepalived: {
    CapabilityBoundingSet: {
      value:
        'CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BROADCAST CAP_SETUID CAP_SETGID CAP_KILL CAP_SYS_NICE CAP_IPC_LOCK CAP_DAC_OVERRIDE',
      why: 'It gives the server an address, speaks VRRP and ARP, is never swapped out, and asks after HAProxy as a user without rights.',
    },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET',
      why: 'Addresses are set through netlink, and neighbours are told of them with ARP.',
    },
    ReadWritePaths: { value: '/run', why: 'Its pid files.' },
  },
  patroni: {
    ProtectSystem: {
      value: 'full',
      why: 'Tablespaces, and what an archive command writes to, lie where the operator wishes: only programs and settings are closed.',
    },
    PrivateTmp: {
      why: 'A PostgreSQL that outlives its Patroni would lose its /tmp to it.',
    },
    RemoveIPC: { value: 'no', why: 'A PostgreSQL that outlives its Patroni would lose its shared memory to it.' },
    PrivateDevices: { value: 'no', why: "The kernel's watchdog is a device." },
    DevicePolicy: { value: 'closed', why: 'No other device than that one, and those without harm.' },
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
      why: 'A promise is a rule of nftables, and the mark that lets its own probes through. Nothing else.',
    },
    AmbientCapabilities: { value: 'CAP_NET_ADMIN', why: 'It runs as a user who has no right of its own.' },
    RestrictAddressFamilies: { value: 'AF_UNIX AF_INET AF_NETLINK', why: 'Rules are set through netlink.' },
    RemoveIPC: { value: 'no', why: 'It is the user of PostgreSQL, whose shared memory it must not take along.' },
  },
  pgbouncer: {
    RemoveIPC: { value: 'no', why: 'Its user is that of PostgreSQL, and may have other things here.' },
  },
  retirement: {
    CapabilityBoundingSet: { value: 'CAP_DAC_OVERRIDE', why: "It asks HAProxy over HAProxy's own socket." },
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: "The kernel's list of connections comes through netlink.",
    },
    ReadWritePaths: { value: '/run', why: 'Where it leaves how many requests were cut off.' },
  },
  resumption: {
    CapabilityBoundingSet: {
      value: 'CAP_SETUID CAP_SETGID CAP_DAC_OVERRIDE',
      why: "It speaks to PgBouncer as the user that PgBouncer lets in, and to HAProxy over HAProxy's own socket.",
    },
    ReadWritePaths: { value: '/run', why: 'Where it is noted since when queries wait.' },
  },
  reach: {
    CapabilityBoundingSet: { value: 'CAP_NET_ADMIN', why: 'It sets rules of nftables.' },
    RestrictAddressFamilies: { value: 'AF_UNIX AF_NETLINK', why: 'Rules are set through netlink.' },
    ReadWritePaths: { value: '/run', why: 'Where it notes what it has set.' },
  },
  app: {
    RestrictAddressFamilies: {
      value: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
      why: 'Runtimes list the network interfaces through netlink.',
    },
    MemoryDenyWriteExecute: {
      why: 'Node, Java, PHP, .NET and Ruby compile while they run. Nor ProcSubset=pid: without /proc/cpuinfo and /proc/meminfo, runtimes count no cores.',
    },
  },
} as const satisfies Readonly<Record<string, Needs>>

export type Hardened = keyof typeof needs

/** The lines of `[Service]` that hold a unit to what it needs. */
export function hardening(unit: Hardened): string {
  const more: Needs = needs[unit]
  const settings = (Object.keys(strictest) as Setting[]).filter((name) => more[name] === undefined)
  const own = (Object.keys(strictest) as Setting[]).flatMap((name) =>
    more[name] === undefined ? [] : [{ name, ...more[name] }],
  )
  return [
    '# What it may do on this server: nothing but what follows.',
    ...settings.flatMap((name) => (strictest[name] === undefined ? [] : [`${name}=${strictest[name]}`])),
    ...own.flatMap(({ name, value, why }) => [
      `# ${value === undefined ? `No ${name}: ` : ''}${why}`,
      ...(value === undefined ? [] : [`${name}=${value}`]),
    ]),
  ].join('\n')
}

/**
 * What Debian's unit of a journal leaves open. It has all other settings of its own; and none of those that hide
 * processes or change who may read what it writes, since it tells who said what, nor a /tmp of its own: it takes large
 * messages only from files that lie there.
 */
export const journalHardening = `# What Debian's unit leaves open, and a journal does not need.
ProtectSystem=full
ProtectHome=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes`

/** The same for `systemd-run`, one by one. */
export const hardeningSettings = (unit: Hardened): readonly string[] =>
  hardening(unit)
    .split('\n')
    .filter((line) => !line.startsWith('#'))
