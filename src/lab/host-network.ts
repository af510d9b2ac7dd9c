import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bridgeAddressOf,
  bridgeOf,
  hardwareAddressOf,
  labRange,
  linkOf,
  namespaceOf,
  type SubnetNumber,
} from './addresses.ts'
import { firewallTableOf, renderFirewall } from './firewall.ts'
import { runFolder } from './paths.ts'
import { attempt, run } from './run.ts'
import type { LabState } from './state.ts'

const forwardingFile = '/proc/sys/net/ipv4/ip_forward'
const forwardingWasOff = join(runFolder, 'forwarding-was-off')
const aliasOf = (lab: string): string => `trimaran lab ${lab}`

/** Makes what is missing of a lab's network on this computer: bridge, address, route, firewall. */
export async function makeHostNetwork(state: LabState): Promise<void> {
  const bridge = bridgeOf(state.subnet)
  // The firewall first, so that a server is never without it.
  await run('nft', ['-f', '-'], { stdin: { string: renderFirewall({ ...state, lab: state.name }) } })
  await attempt('ip', ['link', 'add', bridge, 'type', 'bridge'])
  // Its own hardware address: else it is that of one of the servers, and changes with them.
  await run('ip', ['link', 'set', bridge, 'address', hardwareAddressOf(state.subnet, 1), 'alias', aliasOf(state.name)])
  await run('ip', ['address', 'replace', `${bridgeAddressOf(state.subnet)}/24`, 'dev', bridge])
  await run('ip', ['link', 'set', bridge, 'up'])
  // A lab address that no lab has must not leave this computer towards its own default route.
  await run('ip', ['route', 'replace', 'unreachable', labRange, 'metric', '4096'])
  if (state.internet) await allowForwarding()
}

/** Puts the links of running servers back on the bridge, after it was lost and made again. */
export async function attachLinks(state: LabState): Promise<void> {
  const links = await linkNames()
  await Promise.all(
    state.servers
      .map(({ host }) => linkOf(state.subnet, host))
      .filter((link) => links.has(link))
      .map((link) => run('ip', ['link', 'set', link, 'master', bridgeOf(state.subnet)])),
  )
}

/** Whether a server still has its end of the network. */
export async function hasLink(subnet: SubnetNumber, host: number): Promise<boolean> {
  return (await linkNames()).has(linkOf(subnet, host))
}

/** Takes a server off the network: from now on it can send nothing, not even the end of its connections. */
export async function cutLink(subnet: SubnetNumber, host: number): Promise<void> {
  await attempt('ip', ['link', 'set', linkOf(subnet, host), 'down'])
}

/** Removes a server's namespace, and with it both ends of its link. */
export async function removeNamespace(subnet: SubnetNumber, server: string): Promise<void> {
  await attempt('ip', ['netns', 'delete', namespaceOf(subnet, server)])
}

/** Removes whatever is there of a lab's network. The route goes with the last lab of the computer. */
export async function removeHostNetwork(lab: string, subnet: SubnetNumber): Promise<void> {
  const prefix = namespaceOf(subnet, '')
  const namespaces = (await run('ip', ['netns', 'list'])).split('\n').map((line) => line.split(' ')[0] ?? '')
  await Promise.all(
    namespaces.filter((name) => name.startsWith(prefix)).map((name) => attempt('ip', ['netns', 'delete', name])),
  )
  const links = [...(await linkNames()).keys()].filter((link) => link.startsWith(`${bridgeOf(subnet)}-`))
  for (const link of [...links, bridgeOf(subnet)]) await attempt('ip', ['link', 'delete', link])
  await attempt('nft', ['delete', 'table', 'inet', firewallTableOf(lab)])
  const others = [...(await linkNames()).values()].some((alias) => alias.startsWith(aliasOf('')))
  if (others) return
  await attempt('ip', ['route', 'delete', 'unreachable', labRange, 'metric', '4096'])
  await restoreForwarding()
}

/** The subnet of a lab whose state is lost: its bridge still carries its name. */
export async function findSubnetOfBridge(lab: string): Promise<SubnetNumber | undefined> {
  const link = [...(await linkNames())].find(([, alias]) => alias === aliasOf(lab))?.[0]
  return link === undefined ? undefined : Number(link.slice(bridgeOf(0).length - 1))
}

/** The names of the computer's links, with their aliases. */
export async function linkNames(): Promise<ReadonlyMap<string, string>> {
  const links = JSON.parse(await run('ip', ['-json', 'link'])) as readonly { ifname: string; ifalias?: string }[]
  return new Map(links.map(({ ifname, ifalias }) => [ifname, ifalias ?? '']))
}

/** The subnets of the lab range that this computer already has a route to, also those of other programs. */
export async function usedSubnets(): Promise<readonly SubnetNumber[]> {
  const routes = JSON.parse(await run('ip', ['-json', 'route'])) as readonly { dst: string }[]
  // The unreachable route to the whole range is everyone's.
  const within = routes.filter(({ dst }) => dst !== labRange).map(({ dst }) => /^198\.18\.(\d+)\./.exec(dst)?.[1])
  return within.filter((number) => number !== undefined).map(Number)
}

async function allowForwarding(): Promise<void> {
  if ((await readFile(forwardingFile, 'utf8')).trim() === '1') return
  await mkdir(runFolder, { recursive: true })
  await writeFile(forwardingWasOff, '')
  await writeFile(forwardingFile, '1\n')
}

async function restoreForwarding(): Promise<void> {
  const wasOff = await readFile(forwardingWasOff).then(
    () => true,
    () => false,
  )
  if (!wasOff) return
  await writeFile(forwardingFile, '0\n')
  await rm(forwardingWasOff)
}
