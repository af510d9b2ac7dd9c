import type { Outbound } from '../../config/values/outbound.ts'
import { namesPort, namesUnit } from './names.ts'
import { type OnlyHosts, setOf } from './outbound.ts'

/** What `app.outbound` makes of the rules for the app, in the language of nftables. */

export const dns = 'meta l4proto { tcp, udp } th dport 53'

const matchOf = ({ host, port }: Outbound): string => `ip daddr ${host} meta l4proto { tcp, udp } th dport ${port}`

/**
 * The sets that the forwarder fills, and the way to it, as lines of the table. Not by a resolv.conf of the app's own: a file that
 * is mounted over another one is gone as soon as that is replaced, as clients of DHCP do.
 */
export function setsAndWay({ names, places }: OnlyHosts): readonly string[] {
  if (names.length === 0) return []
  return [
    `# What the app was told for each name, by ${namesUnit}.`,
    ...names.flatMap(({ name }) => [
      `set ${setOf(name)} { type ipv4_addr; }`,
      `set ${setOf(name)}-ip6 { type ipv6_addr; }`,
    ]),
    '',
    'chain names {',
    '  type nat hook output priority dstnat; policy accept;',
    '  meta skuid != "app" accept',
    ...places.filter(({ port }) => port === 53).map((one) => `  ${matchOf(one)} accept`),
    `  ${dns} redirect to :${namesPort}`,
    '}',
    '',
  ]
}

/** The forwarder, and what is listed by address, also in private networks. No other DNS. */
export const rulesForPlaces = ({ names, places }: OnlyHosts): readonly string[] => [
  // By address: a packet that was led there still counts as one that leaves by another interface.
  ...(names.length === 0 ? [] : ['# Names are looked up here.', ...wayToForwarder]),
  ...(places.length === 0 ? [] : ['# app.outbound']),
  ...places.map((one) => `${matchOf(one)} jump pass`),
  '# No other DNS.',
  `${dns} jump refuse`,
]

const wayToForwarder = ['ip daddr 127.0.0.1', 'ip6 daddr ::1'].map(
  (to) => `${to} meta l4proto { tcp, udp } th dport ${namesPort} jump pass`,
)

/** What is listed by name: after private networks, so that nobody's DNS opens them. */
export const rulesForNames = ({ names }: OnlyHosts): readonly string[] =>
  names.flatMap(({ name, ports }) => {
    const to = `meta l4proto { tcp, udp } th dport { ${ports.join(', ')} } jump pass`
    return [`ip daddr @${setOf(name)} ${to}`, `ip6 daddr @${setOf(name)}-ip6 ${to}`]
  })
