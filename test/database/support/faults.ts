import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCgroupRoot } from '../../../src/lab/cgroup.ts'
import { powerOff, powerOn } from '../../../src/lab/index.ts'
import { databasesOf, type Tier } from './tier.ts'

/** Something that is broken, and how it is put right; `undefined` where it must put itself right. */
export interface Fault {
  readonly strike: () => Promise<unknown>
  readonly heal?: () => Promise<unknown>
}

export const kill = (tier: Tier, server: string, process: string): Fault => ({
  strike: () => tier.on(server, `pkill -9 -o -x ${process} || pkill -9 -o -f /usr/bin/${process}`),
})

export const cutPower = (tier: Tier, servers: readonly string[]): Fault => ({
  strike: () => Promise.all(servers.map((server) => powerOff(tier.project.name, server))),
  heal: () => Promise.all(servers.map((server) => switchOn(tier, server))),
})

/** A busy computer boots a server more slowly than the lab waits for; this says nothing of the tier, and is waited for. */
async function switchOn(tier: Tier, server: string, tries = 5): Promise<void> {
  try {
    await powerOn(tier.project.name, server)
  } catch (problem) {
    if (tries === 1) throw problem
    await switchOn(tier, server, tries - 1)
  }
}

/** Stops every process of a server at once, as a hypervisor does that is busy with something else. */
export const freeze = (tier: Tier, server: string): Fault => ({
  strike: () => writeFile(freezerOf(tier, server), '1'),
  heal: () => writeFile(freezerOf(tier, server), '0'),
})

const freezerOf = ({ project }: Tier, server: string): string =>
  join(findCgroupRoot() ?? '/sys/fs/cgroup', 'trimaran', project.name, server, 'machine', 'cgroup.freeze')

export const stopProcess = (tier: Tier, servers: readonly string[], process: string): Fault => ({
  strike: () => Promise.all(servers.map((server) => tier.on(server, `pkill -STOP -x ${process}`))),
  heal: () => Promise.all(servers.map((server) => tier.on(server, `pkill -CONT -x ${process}`))),
})

/** Something else fills the disk to its last byte, and is deleted later. */
export const fillDisk = (tier: Tier, server: string): Fault => ({
  strike: () => tier.on(server, 'dd if=/dev/zero of=/var/lib/postgresql/filling bs=1M status=none'),
  heal: () => tier.on(server, 'rm -f /var/lib/postgresql/filling'),
})

export interface Cut {
  /** The servers that it is cut off from. */
  readonly from: readonly string[]
  /** Only these TCP ports, on either side; all traffic unless stated. */
  readonly ports?: readonly number[]
  /** `out`: what it says is not heard, but it hears the others; `in`: the other way round. */
  readonly direction: 'both' | 'out' | 'in'
}

/** Packets vanish, as in a broken switch: nobody is told. */
export function cut(tier: Tier, server: string, { from, ports, direction }: Cut): Fault {
  const others = `{ ${from.map(tier.addressOf).join(', ')} }`
  const limits = ports === undefined ? [''] : [`tcp dport { ${ports.join(', ')} }`, `tcp sport { ${ports.join(', ')} }`]
  const rules = limits.flatMap((limit) => [
    ...(direction === 'in' ? [] : [`add rule inet cut out ip daddr ${others} ${limit} drop`]),
    ...(direction !== 'out' ? [`add rule inet cut in ip saddr ${others} ${limit} drop`] : []),
  ])
  const ruleset = [
    'add table inet cut',
    'add chain inet cut in { type filter hook input priority -300; }',
    'add chain inet cut out { type filter hook output priority -300; }',
    ...rules,
  ].join('\n')
  return { strike: () => nft(tier, server, ruleset), heal: () => nft(tier, server, 'delete table inet cut') }
}

/** By the server's own nft: the one of this computer may be older, and crash on tables that it does not know. */
async function nft(tier: Tier, server: string, ruleset: string): Promise<void> {
  const { code, stderr } = await tier.on(server, `nft -f - <<'END'\n${ruleset}\nEND`)
  if (code !== 0) throw new Error(`nft on ${server}: ${stderr}`)
}

export const peersOf = (tier: Tier, server: string): readonly string[] =>
  databasesOf(tier).filter((name) => name !== server)
