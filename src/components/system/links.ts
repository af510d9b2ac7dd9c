import { type Link, publicAddress, sshPort, type Stack } from '../../stack/stack.ts'

type Known = Omit<Stack, 'links'>

/** What every server needs, whatever runs there: its operators, names, time, packages, and the network's own messages. */
export const linksOfServers = (stack: Known): readonly Link[] => [
  {
    from: 'operators',
    to: 'servers',
    ...(stack.declared.ssh?.from !== undefined && { addresses: stack.declared.ssh.from }),
    component: 'sshd',
    protocol: 'tcp',
    ports: [sshPort],
    why: 'operators work over SSH',
  },
  {
    ...outwards,
    protocol: 'tcp',
    ports: [sshPort],
    users: ['root'],
    why: 'whether an unreachable server is alive, before it is replaced: a refusal is an answer, too',
  },
  { ...pings, from: 'outside', to: 'servers', why: 'echoes, and which packets are too large' },
  { ...pings, from: 'servers', to: 'outside', why: 'echoes, and which packets are too large' },
  { ...outwards, protocol: 'udp', ports: [53], why: 'names are looked up' },
  { ...outwards, protocol: 'tcp', ports: [53], why: 'names are looked up' },
  { ...outwards, protocol: 'udp', ports: [123], why: 'chrony sets the clock' },
  {
    ...outwards,
    protocol: 'tcp',
    ports: [80, 443],
    users: ['root', '_apt'],
    why: "Debian's packages, and what root fetches",
  },
  { ...outwards, protocol: 'dhcp', ports: [], why: 'a server asks for its own address' },
  {
    ...outwards,
    protocol: 'arp',
    ports: [],
    users: ['root'],
    why: 'a server asks the network who has an address',
  },
  {
    ...outwards,
    addresses: [publicAddress(stack)],
    protocol: 'tcp',
    ports: [80],
    why: 'a server may visit the site, as anybody',
  },
  ...stack.declared.links.map(({ on, from, to, protocol, ports, why }): Link => {
    const own = { component: 'your own', protocol, ports, why }
    return from === undefined
      ? { ...own, from: on, to: 'outside', addresses: to ?? [] }
      : { ...own, from: 'outside', to: on, addresses: from }
  }),
]

const outwards = { from: 'servers', to: 'outside', component: 'system' } as const
const pings = { component: 'system', protocol: 'icmp', ports: [] } as const
