import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { type Opening, withoutInner } from './openings.ts'
import { passMark, table } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The firewall of one server, for `nft -f`. Loaded by a program that first removes the old table. */
export function renderRules(openings: readonly Opening[]): string {
  const incoming = openings.filter(({ direction }) => direction === 'in')
  const outgoing = openings.filter(({ direction }) => direction === 'out')
  return `${placedByTrimaran}
${reasonsOn('firewall-from-links')}
# What the links of the stack say (${trimaran('explain')}); all else is refused, of IPv6, too. Servers are identified by address.
table ${table} {
${openings.flatMap(setsOf).map(indent(1)).join('\n')}

    chain incoming {
        type filter hook input priority filter; policy drop;
        iifname "lo" accept
        ${judgedByFirstPacket}
${[...outgoing.flatMap(answersTo), ...incoming.flatMap(rulesFor)].map(indent(2)).join('\n')}
        jump refuse
    }

    chain outgoing {
        type filter hook output priority filter; policy drop;
        oifname "lo" accept
        ${judgedByFirstPacket}
${[...incoming.flatMap(answersFrom), ...outgoing.flatMap(rulesFor)].map(indent(2)).join('\n')}
        jump refuse
    }

    # Refused, not dropped, so that a wrong caller notices at once.
    chain refuse {
        counter name refused
        limit rate 1/second burst 5 packets log prefix "trimaran refuses: "
        meta l4proto tcp reject with tcp reset
        reject with icmpx admin-prohibited
    }

    counter refused { }
${outgoing.some(({ protocol }) => protocol === 'any') ? untracked(openings) : ''}}
`
}

const indent = (levels: number) => (line: string) => '    '.repeat(levels) + line

/** What must go on when the kernel's table of connections is full does not enter it. */
function untracked(openings: readonly Opening[]): string {
  const neighbours = withoutInner(openings.flatMap(({ isSsh, addresses = [] }) => (isSsh === true ? [] : addresses)))
  const ssh = openings.flatMap(({ isSsh, port }) => (isSsh === true ? [port!] : [])).join(', ')
  return `
    set neighbours { type ipv4_addr; flags interval; elements = { ${neighbours.join(', ')} }; }

    # Answers to any protocol are told by the kernel's table of connections. What the stack itself needs stays out of it, for when
    # it is full.
    chain untracked-incoming {
        type filter hook prerouting priority raw;
        ip saddr @neighbours notrack
        tcp dport { ${ssh} } fib daddr type local notrack
    }

    chain untracked-outgoing {
        type filter hook output priority raw;
        ip daddr @neighbours notrack
        tcp sport { ${ssh} } notrack
    }
`
}

/** No TCP is tracked for this, so no table of connections can be full, and one that moved here with an address is reset by the kernel. */
const judgedByFirstPacket = `# A TCP connection is judged by its first packet.
        tcp flags & (fin | syn | rst | ack) != syn accept`

const families = [
  { type: 'ipv4_addr', word: 'ip', suffix: '', has: (address: string) => !address.includes(':') },
  { type: 'ipv6_addr', word: 'ip6', suffix: '-ip6', has: (address: string) => address.includes(':') },
] as const

/** Sets of SSH have one name on all servers, whatever the port: the program beside these rules treats them by themselves. */
const nameOf = ({ direction, protocol, port, isSsh = false, users = [] }: Opening): string =>
  isSsh ? 'ssh' : [direction, protocol, port, ...users].filter((part) => part !== undefined).join('-')

/** A set of its own for each opening: a reload adds to it, and takes nobody away. */
function setsOf(opening: Opening): readonly string[] {
  const { addresses } = opening
  if (addresses === undefined) return []
  return families.flatMap(({ type, suffix, has }) => {
    const own = addresses.filter(has)
    if (own.length === 0 && suffix !== '') return []
    const elements = own.length === 0 ? '' : `; elements = { ${own.join(', ')} }`
    return [`set ${nameOf(opening)}${suffix} { type ${type}; flags interval${elements}; }`]
  })
}

/** Ways of DHCP, by IPv4 and IPv6: RFC 2131 and RFC 8415. */
const dhcp = {
  out: ['udp sport 68 udp dport 67 accept', 'udp sport 546 udp dport 547 accept'],
  in: ['udp sport 67 udp dport 68 accept', 'udp sport 547 udp dport 546 accept'],
} as const

/** What IPv6 cannot do without is among them: RFC 4890. */
const icmp = [
  'icmp type { echo-request, echo-reply, destination-unreachable, time-exceeded, parameter-problem } accept',
  'icmpv6 type { echo-request, echo-reply, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept',
  'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query, mld-listener-report, mld2-listener-report } accept',
]

/** How a protocol without ports is told; datagrams for ARP go to the port that discards them (RFC 863). */
const matches: Readonly<Partial<Record<Opening['protocol'], string>>> = { vrrp: 'ip protocol vrrp', arp: 'udp dport 9' }

function rulesFor(opening: Opening): readonly string[] {
  const { direction, protocol, port, users } = opening
  if (protocol === 'icmp') return icmp
  if (protocol === 'dhcp') return dhcp[direction]
  if (protocol === 'any') return [`meta mark ${passMark} accept`]
  const by = users === undefined ? '' : `meta skuid { ${users.map((user) => `"${user}"`).join(', ')} } `
  const what = matches[protocol] ?? `${protocol} dport ${port}`
  return farEnds(opening, direction === 'in' ? 'saddr' : 'daddr').map((end) => `${by}${what}${end} accept`)
}

/** Of UDP, which opens no connections, answers come from the port that was asked; they go to none that a daemon has. */
function answersTo(opening: Opening): readonly string[] {
  if (opening.protocol === 'dhcp') return dhcp.in
  if (opening.protocol === 'any') return ['meta l4proto != tcp ct state established accept']
  if (opening.protocol !== 'udp') return []
  return farEnds(opening, 'saddr').map((end) => `udp sport ${opening.port} udp dport 1024-65535${end} accept`)
}

function answersFrom(opening: Opening): readonly string[] {
  if (opening.protocol !== 'udp') return []
  return farEnds(opening, 'daddr').map((end) => `udp sport ${opening.port}${end} accept`)
}

function farEnds(opening: Opening, side: 'saddr' | 'daddr'): readonly string[] {
  const { addresses, isIpv4 = false } = opening
  if (addresses === undefined) return [isIpv4 ? ' meta nfproto ipv4' : '']
  return families
    .filter(({ suffix, has }) => suffix === '' || addresses.some(has))
    .map(({ word, suffix }) => ` ${word} ${side} @${nameOf(opening)}${suffix}`)
}
