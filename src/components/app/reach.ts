import ipaddr from 'ipaddr.js'
import { linksInto, linksOutOf, publicAddress, type Server, sshPort, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { openedDatabase } from './database-elsewhere.ts'
import { passMark, passPriority } from '../firewall/index.ts'
import { hardening } from '../hardening.ts'
import { haproxy } from '../haproxy/index.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { looksNamesUp, namesUnit } from './names.ts'
import { type OnlyHosts, onlyHosts, placesIn } from './outbound.ts'
import { dns, rulesForNames, rulesForPlaces, setsAndWay } from './outbound-rules.ts'
import { reachPaths, reachTable } from './reach-paths.ts'

/** Networks that are not part of the internet, with the metadata addresses of clouds: RFC 6890, RFC 6598. */
const privateNetworks = {
  ip: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ip6: ['64:ff9b:1::/48', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
} as const

const everywhere = ['0.0.0.0/0', '::/0']

const chronyPort = 323

/**
 * Ports of this server's own daemons that the app may not call; of HAProxy it may call only the ports of its services.
 */
function ownPorts(server: Server, stack: Stack): readonly number[] {
  const ways = linksOutOf(stack, server.tier).flatMap(({ service }) =>
    service?.mode === 'primary' ? [service.port, service.replicas?.port] : [],
  )
  const ports = haproxy.listens(server, stack).map(({ port }) => port)
  return [sshPort, ...ports.filter((port) => !ways.includes(port))].toSorted((a, b) => a - b)
}

const isWithin = (address: string, network: string): boolean =>
  ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(network.includes('/') ? network : `${network}/32`))

/**
 * Servers of the stack that the other rules would allow: with an address on the internet, or in a network of the
 * config.
 */
const openServers = ({ servers, declared: { app } }: Stack): readonly string[] => {
  const named = [...app.privateNetworks, ...placesIn(app.outbound ?? [])]
  return servers
    .map(({ address }) => address)
    .filter(
      (address) =>
        !privateNetworks.ip.some((network) => isWithin(address, network)) ||
        named.some((network) => isWithin(address, network)),
    )
    .toSorted()
}

const visitorsPorts = (stack: Stack): readonly number[] =>
  [...new Set(linksOutOf(stack, 'visitors').flatMap(({ ports }) => ports))].toSorted((a, b) => a - b)

/**
 * What the app's user may call, as rules of nftables: the internet, the local ports that lead to the database, DNS, the
 * site itself as any visitor does, a database elsewhere by its address, and the networks that the config names. No server of the stack, and no private
 * network. With `app.outbound`, the hosts that it lists instead of the internet, and names that the forwarder looks up. Only the first packets of
 * connections are checked, so that answers to callers pass, and nothing is tracked but DNS that is led to the forwarder.
 */
export function renderRules(context: RenderContext): string {
  const { stack, server } = context
  const hosts = onlyHosts(context)
  return `#!/usr/sbin/nft -f
${placedByTrimaran}
${reasonsOn('app-reach')}
# Read by ${reachPaths.program}.
table inet ${reachTable}
delete table inet ${reachTable}
table inet ${reachTable} {
${hosts === undefined ? '' : indented(setsAndWay(hosts), 1)}  chain output {
    type filter hook output priority ${passPriority}; policy accept;
    meta skuid != "app" accept
    # Answers: the other side opened the connection.
    tcp flags & (fin | syn | rst | ack) != syn accept
    oif "lo" jump here
    oif "lo" accept
${indented(rulesForOthers(context, hosts), 2)}  }

  # The firewall, which comes next, lets out what has this mark.
  chain pass {
    meta mark set ${passMark}
    accept
  }

  # This server's own daemons.
  chain here {
${hosts === undefined ? '' : `    ${dns} jump refuse\n`}    tcp dport { ${ownPorts(server, stack).join(', ')} } jump refuse
    udp dport ${chronyPort} jump refuse
  }

  chain refuse {
    limit rate 1/second burst 5 packets log prefix "app-reach refuses: "
    # Elsewhere by ICMP: systemd would drop a reset, which seems to come from an address that it denies.
    oif "lo" meta l4proto tcp reject with tcp reset
    reject with icmpx admin-prohibited
  }
}
`
}

/** Rules for what leaves the server, or is led elsewhere. */
function rulesForOthers(context: RenderContext, hosts: OnlyHosts | undefined): readonly string[] {
  const { stack } = context
  const own = openServers(stack)
  const named = stack.declared.app.privateNetworks
  const database = openedDatabase(context)
  return [
    '# The site itself, as any visitor reaches it.',
    `ip daddr ${publicAddress(stack)} tcp dport { ${visitorsPorts(stack).join(', ')} } jump pass`,
    ...(own.length === 0
      ? []
      : [
          '# Servers of this stack: the app reaches their services through this server.',
          `ip daddr { ${own.join(', ')} } jump refuse`,
        ]),
    ...(hosts === undefined ? ['# DNS, also in a private network.', `${dns} jump pass`] : rulesForPlaces(hosts)),
    ...(named.length === 0 ? [] : ['# app.privateNetworks', `ip daddr { ${named.join(', ')} } jump pass`]),
    ...(database === undefined
      ? []
      : [
          '# DATABASE_URL',
          `${database.host.includes(':') ? 'ip6' : 'ip'} daddr ${database.host} tcp dport ${database.port} jump pass`,
        ]),
    `ip daddr { ${privateNetworks.ip.join(', ')} } jump refuse`,
    `ip6 daddr { ${privateNetworks.ip6.join(', ')} } jump refuse`,
    ...(hosts === undefined ? ['jump pass'] : [...rulesForNames(hosts), 'jump refuse']),
  ]
}

const indented = (rules: readonly string[], levels: number): string =>
  rules.map((rule) => (rule === '' ? '\n' : `${'  '.repeat(levels)}${rule}\n`)).join('')

/** The same by addresses alone, for systemd, which still holds if somebody flushes the rules of nftables. */
export function renderNetworks(context: RenderContext): string {
  const { stack, server } = context
  const database = openedDatabase(context)
  const hosts = onlyHosts(context)
  const isClosed = hosts?.names.length === 0
  const callers = linksInto(stack, 'app').flatMap(({ from }) => stack.servers.filter(({ tier }) => tier === from))
  const allowed = [
    '127.0.0.0/8',
    '::1/128',
    server.address,
    publicAddress(stack),
    ...callers.map(({ address }) => address).toSorted(),
    ...stack.declared.app.privateNetworks,
    ...(database === undefined ? [] : [database.host]),
    ...(hosts?.places ?? []).map(({ host }) => host),
  ]
  // Which addresses names have is known to nftables alone.
  const denied = isClosed ? everywhere : [...privateNetworks.ip, ...privateNetworks.ip6, ...openServers(stack)]
  return `${placedByTrimaran}
${reasonsOn('app-reach')}
# Read by ${reachPaths.program}${isClosed ? '' : ', which adds the DNS servers'}.
allow="${[...new Set(allowed)].join(' ')}"
deny="${[...new Set(denied)].join(' ')}"
${isClosed ? 'resolvers=no\n' : ''}`
}

/**
 * Its unit: active while anything of the app runs, and loaded again together with Debian's own rules, which flush
 * everything.
 */
export const renderReachUnit = (context: RenderContext): string => `${placedByTrimaran}
${reasonsOn('app-reach')}
[Unit]
Description=What the app may call
After=nftables.service network.target
ReloadPropagatedFrom=nftables.service
StopWhenUnneeded=yes
${looksNamesUp(context) ? `Wants=${namesUnit}\n` : ''}
[Service]
Type=oneshot
RemainAfterExit=yes
# Started through bash: when this unit is checked, the program may not be installed yet.
ExecStart=/bin/bash ${reachPaths.program} load
ExecReload=/bin/bash ${reachPaths.program} load
ExecStop=/bin/bash ${reachPaths.program} clear

${hardening('reach')}
`
