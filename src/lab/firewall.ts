import { bridgeAddressOf, bridgeOf, labRange, subnetOf, type SubnetNumber } from './addresses.ts'

export interface FirewallFacts {
  readonly lab: string
  readonly subnet: SubnetNumber
  readonly internet: boolean
}

export const firewallTableOf = (lab: string): string => `trimaran_lab_${lab}`

/**
 * Renders the computer's own firewall for one lab, as input for `nft -f`. It replaces the table of an earlier run. The
 * computer may connect to the lab; the lab may only answer and ping it; it reaches no other network and no other lab,
 * and the internet only where that is set.
 */
export function renderFirewall(facts: FirewallFacts): string {
  const bridge = bridgeOf(facts.subnet)
  const outside = facts.internet ? forwardToInternet(bridge) : ['']
  return [
    `table inet ${firewallTableOf(facts.lab)}`,
    `delete table inet ${firewallTableOf(facts.lab)}`,
    `table inet ${firewallTableOf(facts.lab)} {`,
    '  chain input {',
    '    type filter hook input priority -10; policy accept;',
    `    iifname "${bridge}" ct state established,related accept`,
    `    iifname "${bridge}" ip daddr ${bridgeAddressOf(facts.subnet)} icmp type echo-request accept`,
    `    iifname "${bridge}" drop`,
    '  }',
    '  chain forward {',
    '    type filter hook forward priority -10; policy accept;',
    `    iifname "${bridge}" oifname "${bridge}" accept`,
    ...outside,
    `    iifname "${bridge}" drop`,
    `    oifname "${bridge}" drop`,
    '  }',
    ...(facts.internet ? translateAddresses(bridge, facts.subnet) : []),
    '}',
    '',
  ]
    .filter((line, index, all) => line !== '' || index === all.length - 1)
    .join('\n')
}

const forwardToInternet = (bridge: string): readonly string[] => [
  `    iifname "${bridge}" ip daddr ${labRange} drop`,
  `    iifname "${bridge}" meta nfproto ipv4 accept`,
  `    oifname "${bridge}" ct state established,related accept`,
]

const translateAddresses = (bridge: string, subnet: SubnetNumber): readonly string[] => [
  '  chain postrouting {',
  '    type nat hook postrouting priority 100; policy accept;',
  `    ip saddr ${subnetOf(subnet)} oifname != "${bridge}" masquerade`,
  '  }',
]
