import type { File, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { hasDatabaseElsewhere, type Stack } from '../../stack/stack.ts'
import { readOutbound } from '../../config/values/outbound.ts'
import type { RenderContext } from '../component.ts'
import { hardening } from '../hardening.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import { type OnlyHosts, onlyHosts, setOf } from './outbound.ts'
import { reachTable, reachUnit } from './reach-paths.ts'

/** What looks names up for the app, where it may call hosts by name only. */
export const namesUnit = 'trimaran-app-names.service'
export const namesConfig = '/etc/trimaran/app-names.conf'
/** Debian's package without a service of its own. */
export const namesPackage = 'dnsmasq-base'
/** Below 1024, so that the app cannot take it; no daemon of Debian's has it. */
export const namesPort = 553

/** Whether a server of that stack may need it; the URL of a database elsewhere may be a secret, and known later. */
export const mayNeedNames = (stack: Pick<Stack, 'declared'>): boolean => {
  const { outbound } = stack.declared.app
  return outbound !== undefined && (hasDatabaseElsewhere(stack) || outbound.some((one) => readOutbound(one).isName))
}

export const looksNamesUp = (context: RenderContext): boolean => (onlyHosts(context)?.names.length ?? 0) > 0

/** What limits the app, and what it needs then: it starts after them. */
export const reachUnits = (context: RenderContext): string =>
  looksNamesUp(context) ? `${reachUnit} ${namesUnit}` : reachUnit

/** What dnsmasq reads here; empty where there is no such file. */
export function namesConfigOf(context: RenderContext): string {
  const hosts = onlyHosts(context)
  return hosts === undefined || hosts.names.length === 0 ? '' : renderNames(hosts)
}

/** The forwarder: its package, its config and its unit. */
export function namesResources(context: RenderContext): readonly Resource[] {
  const config = namesConfigOf(context)
  if (config === '') return []
  const check = sh`/usr/sbin/dnsmasq --test --conf-file="$file"`
  return [{ kind: 'package', name: namesPackage }, rootFile(namesConfig, config, { check }), unitFile]
}

/** dnsmasq takes no pattern for all names beside the servers of resolv.conf. Each name ends with one of these. */
const allNames = 'abcdefghijklmnopqrstuvwxyz0123456789-_'.replaceAll(/./g, '/*$&')

/** dnsmasq(8): a name includes its subdomains, so these are refused by a longer pattern. */
function renderNames({ names, ownNames }: OnlyHosts): string {
  const family = (kind: 4 | 6, set: string): string => `${kind}#inet#${reachTable}#${set}`
  return `${placedByTrimaran}
${reasonsOn('app-reach')}
# Read by dnsmasq: the names that the app may look up. Its DNS comes here whatever server it asks.
port=${namesPort}
listen-address=127.0.0.1,::1
bind-dynamic
no-hosts
pid-file
# An answer from a cache would add nothing to the sets.
cache-size=0
dns-forward-max=1000
# All other names do not exist.
address=${allNames}/
${[...names.map(({ name }) => name), ...ownNames].map((name) => `server=/${name}/#\naddress=/*.${name}/\n`).join('')}# Each address is in its set before the app is told.
${names.map(({ name }) => `nftset=/${name}/${family(4, setOf(name))},${family(6, `${setOf(name)}-ip6`)}\n`).join('')}`
}

const unitFile: File = rootFile(
  `/etc/systemd/system/${namesUnit}`,
  `${placedByTrimaran}
${reasonsOn('app-reach')}
[Unit]
Description=Names that the app may call
After=network.target ${reachUnit}
PartOf=${reachUnit}
StartLimitIntervalSec=0

[Service]
# It goes into the background once it answers.
Type=forking
User=dnsmasq
ExecStart=/usr/sbin/dnsmasq --conf-file=${namesConfig}
Restart=always
RestartSec=1s

${hardening('names')}
`,
  { check: sh`systemd-analyze verify --man=no --recursive-errors=no "$file"` },
)
