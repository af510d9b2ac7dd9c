import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'

/** One kernel setting of a server, and why it differs from Debian's. */
export interface Setting {
  readonly name: string
  readonly value: string | number
  readonly why: string
  /** The tiers that it is for; all of them unless stated. */
  readonly tiers?: readonly TierName[]
}

const gigabyte = 1024 ** 3
const callers: readonly TierName[] = ['balancer', 'web', 'app']

/** The kernel settings of a server. Which ones follows from its tier, some values also from its memory. */
export function kernelSettings({ server, facts }: RenderContext): readonly Setting[] {
  return [...settings, ...memoryPromises(facts.memoryBytes)].filter(
    ({ tiers }) => tiers === undefined || tiers.includes(server.tier),
  )
}

const settings: readonly Setting[] = [
  { name: 'kernel.panic', value: 10, why: 'After a panic the server restarts; its neighbours do the work until then.' },
  {
    name: 'net.ipv4.tcp_retries2',
    value: 8,
    why: 'A dead peer is given up after about 100 s instead of 15 minutes.',
    tiers: callers,
  },
  {
    name: 'net.ipv4.tcp_retries2',
    value: 5,
    why: 'A peer that was cut off is given up after 13 s: else etcd would wait up to a minute after the network is back.',
    tiers: ['database'],
  },
  {
    name: 'net.ipv4.tcp_syn_retries',
    value: 3,
    why: 'A connection to a dead peer fails after 15 s instead of 2 minutes.',
  },
  {
    name: 'net.ipv4.tcp_keepalive_time',
    value: 60,
    why: 'Idle connections are probed: after a minute,',
  },
  { name: 'net.ipv4.tcp_keepalive_intvl', value: 10, why: '… every ten seconds,' },
  { name: 'net.ipv4.tcp_keepalive_probes', value: 3, why: '… and are closed after three probes without an answer.' },
  {
    name: 'net.core.somaxconn',
    value: 8192,
    why: 'A burst of new connections waits in the queue, and is not refused.',
  },
  { name: 'net.ipv4.tcp_max_syn_backlog', value: 8192, why: 'The same for connections that are still being opened.' },
  {
    name: 'net.ipv4.ip_local_port_range',
    value: '10000 65000',
    why: 'More connections at once to the next tier; the ports of the components lie below.',
    tiers: callers,
  },
  {
    name: 'net.ipv4.tcp_tw_reuse',
    value: 1,
    why: 'Ports of closed connections to the next tier are used again.',
    tiers: callers,
  },
  {
    name: 'net.ipv4.tcp_slow_start_after_idle',
    value: 0,
    why: 'Connections kept open between tiers stay fast after a pause.',
    tiers: callers,
  },
  {
    name: 'net.ipv4.tcp_notsent_lowat',
    value: 131_072,
    why: 'An answer that a visitor does not read waits in nginx or HAProxy: the kernel here holds 128 kB of it, not megabytes.',
    tiers: ['balancer', 'web'],
  },
  {
    name: 'net.ipv4.ip_nonlocal_bind',
    value: 1,
    why: 'HAProxy listens on the virtual address before it arrives here.',
    tiers: ['balancer'],
  },
  {
    name: 'net.ipv4.conf.all.arp_ignore',
    value: 1,
    why: 'With several interfaces, only the one that holds the virtual address answers for it.',
    tiers: ['balancer'],
  },
  {
    name: 'net.ipv4.conf.all.arp_announce',
    value: 2,
    why: 'The same for what is announced: neighbours never learn it from a wrong interface.',
    tiers: ['balancer'],
  },
  { name: 'vm.swappiness', value: 1, why: 'A database in swap is too slow to use.', tiers: ['database'] },
  {
    name: 'vm.dirty_background_bytes',
    value: 64 * 1024 ** 2,
    why: 'Writing begins early and in small portions, so that a checkpoint does not block everything.',
    tiers: ['database'],
  },
  {
    name: 'vm.dirty_bytes',
    value: 512 * 1024 ** 2,
    why: 'Limits how much waits to be written.',
    tiers: ['database'],
  },
]

/**
 * PostgreSQL's manual advises to let an allocation fail rather than have the kernel end a process:
 * https://www.postgresql.org/docs/17/kernel-resources.html#LINUX-MEMORY-OVERCOMMIT
 * Below 4 GB the strict count would refuse memory that is in fact free, and etcd and Patroni live there too: there the
 * kernel's guess stays, and the units say who may be ended last.
 */
function memoryPromises(memoryBytes: number): readonly Setting[] {
  const isStrict = memoryBytes >= 4 * gigabyte
  return [
    {
      name: 'vm.overcommit_memory',
      value: isStrict ? 2 : 0,
      why: isStrict
        ? 'One query gets an error when memory runs out; no process is killed.'
        : "The kernel's heuristic: strict accounting (2) needs more than 4 GB, or free memory is refused.",
      tiers: ['database'],
    },
    {
      name: 'vm.overcommit_ratio',
      value: isStrict ? 80 : 50,
      why: 'The percentage of memory that strict accounting may allocate.',
      tiers: ['database'],
    },
  ]
}
