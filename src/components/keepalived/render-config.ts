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
    # Version 3: in version 2 even an orderly goodbye costs more than half a second.
    vrrp_version 3
    vrrp_check_unicast_src
    # Neighbours learn where the address is: at once, a second later, and from then on every half minute, which also
    # heals those that were told wrong.
    vrrp_garp_master_repeat 3
    vrrp_garp_master_delay 1
    vrrp_garp_master_refresh 30
    vrrp_garp_master_refresh_repeat 1
    # Should two ever have held it, the one that keeps it tells the neighbours again.
    vrrp_garp_lower_prio_repeat 3
    vrrp_garp_lower_prio_delay 1
    vrrp_higher_prio_send_advert true
    # A network that has only just come up may not carry everything yet.
    vrrp_startup_delay 1
    # A busy server must not look like a dead one: never swapped out, and first in line for the CPU, as its unit says.
    # Not with real-time priority: its limit (rlimit_rttime) kills keepalived on a reload inside a container.
    max_auto_priority -1
    vrrp_no_swap
}`
}

function renderScript(): string {
  return `# An HAProxy that died stops keepalived (see the unit); this finds the one that hangs. Without a weight, a failure takes
# the server out altogether: a weight would be ignored by nopreempt.
# While no answer comes, each question takes 0.8 s and the next one falls on the second tick after it: two in a row (fall)
# are 1.8 s, so one that hangs is left 1.8 to 2.3 s later. Were they short, busy balancers would all give the address up.
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
    # All start as equals, and whoever holds the address keeps it: a server that comes back interrupts nobody.
    state BACKUP
    nopreempt
    interface ${facts.networkInterface}
    # The last number of the address; must be unique among the VRRP routers of this network.
    virtual_router_id ${routerId(ip)}
    # High and close together: the wait before taking over is then hardly longer than three adverts.
    priority ${priority(server)}
    # A dead server is noticed after three adverts. For networks that do not drop packets when busy.
    advert_int 0.1
${renderPeers(server, peersOf(stack, server))}
    # A server that was frozen for a while yields, since another has taken over meanwhile.
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
  if (peers.length === 0)
    return '    # There is no second balancer yet: this one only sees to it that the address is there.'
  return `    # To each other balancer by its address: works where multicast does not, and listens to nobody else.
    unicast_src_ip ${server.address}
    unicast_peer {
${peers.map(({ address, name }) => `        ${address} # ${name}`).join('\n')}
    }
    unicast_fault_no_peer`
}

const renderMove = (): string => `
    # Tells the network, with the command that the config names, that the address is here now.
    notify_master "${paths.moveAddress}" root`

/** 250 for the first, 240 for the second; below 10 there is no room, and there are at most twenty balancers. */
const priority = ({ index }: Server): number => 260 - 10 * index

const routerId = (ip: string): number => Math.max(1, Number(ip.slice(ip.lastIndexOf('.') + 1)))
