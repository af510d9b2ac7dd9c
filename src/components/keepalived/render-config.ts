import { peersOf, type Server } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { addressOf } from './address.ts'
import { paths, scriptUser } from './paths.ts'

/** The whole `/etc/keepalived/keepalived.conf` of one balancer, for keepalived 2.3. */
export function renderConfig(context: RenderContext): string {
  const { stack, server } = context
  const { ip } = addressOf(context)
  return `${placedByTrimaran}
# ${server.name} of ${stack.name}: one balancer at a time holds ${ip}.

${renderGlobal()}

${renderScript()}

${renderInstance(context)}
`
}

function renderGlobal(): string {
  return `global_defs {
    # Nothing that another user could change is ever run as root.
    enable_script_security
    script_user ${scriptUser}
    # Version 3: in version 2 even an orderly stop costs more than half a second.
    vrrp_version 3
    vrrp_check_unicast_src
    # Announce the address with ARP: at once, a second later, and then every half minute, which also
    # corrects wrong ARP entries.
    vrrp_garp_master_repeat 3
    vrrp_garp_master_delay 1
    vrrp_garp_master_refresh 30
    vrrp_garp_master_refresh_repeat 1
    # If two balancers held it for a moment, the one that keeps it announces it again.
    vrrp_garp_lower_prio_repeat 3
    vrrp_garp_lower_prio_delay 1
    vrrp_higher_prio_send_advert true
    # A network that just came up may still drop packets.
    vrrp_startup_delay 1
    # A busy server must not look like a dead one: never swapped out; its unit gives it CPU priority.
    # Not with real-time priority: its limit (rlimit_rttime) kills keepalived on a reload inside a container.
    max_auto_priority -1
    vrrp_no_swap
}`
}

function renderScript(): string {
  return `# An HAProxy that died stops keepalived (see the unit); this finds the one that hangs. Without a weight, a failure takes
# the server out: nopreempt would ignore a weight.
# Without an answer each check takes 0.8 s, and the next one comes at the second tick after it: two in a row (fall)
# take 1.8 s, so a hanging HAProxy loses the address after 1.8 to 2.3 s. With shorter checks busy balancers would give it up.
vrrp_script haproxy_is_alive {
    script "${paths.alive}"
    interval 0.5
    timeout 1
    fall 2
    rise 2
    init_fail
}`
}

function renderInstance(context: RenderContext): string {
  const { stack, server, facts } = context
  const { ip, prefix, device } = addressOf(context)
  return `vrrp_instance visitors {
    # The holder keeps the address: a server that comes back interrupts nobody.
    state BACKUP
    nopreempt
    interface ${facts.networkInterface}
    # The last byte of the address; must be unique among the VRRP routers of this network.
    virtual_router_id ${routerId(ip)}
    # High and close together: the takeover then comes after about three adverts.
    priority ${priority(server)}
    # A dead server is noticed after three adverts. The network must not drop packets when busy.
    advert_int 0.1
${renderPeers(server, peersOf(stack, server))}
    # A server that was frozen yields, since another one has taken over.
    timer_expired_backup
    track_script {
        haproxy_is_alive
    }
    virtual_ipaddress {
        ${ip}/${prefix} dev ${device}
    }${stack.virtualAddress?.move === undefined ? '' : renderMove()}
}`
}

function renderPeers(server: Server, peers: readonly Server[]): string {
  if (peers.length === 0) return '    # There is no second balancer yet: this one only sets the address.'
  return `    # To each other balancer by its address: works where multicast does not, and listens to nobody else.
    unicast_src_ip ${server.address}
    unicast_peer {
${peers.map(({ address, name }) => `        ${address} # ${name}`).join('\n')}
    }
    unicast_fault_no_peer`
}

const renderMove = (): string => `
    # Runs the command of the config that moves the address to this server in the network.
    notify_master "${paths.moveAddress}" root`

/** 250 for the first, 240 for the second; at least 10, since there are at most twenty balancers. */
const priority = ({ index }: Server): number => 260 - 10 * index

const routerId = (ip: string): number => Math.max(1, Number(ip.slice(ip.lastIndexOf('.') + 1)))
