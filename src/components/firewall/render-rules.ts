import { placedByTrimaran, reasonsOn } from '../placed.ts'
import type { Guarded } from './callers.ts'
import { table } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The firewall of one server, for `nft -f`. Loaded by a program that first removes the old table. */
export function renderRules(guarded: readonly Guarded[]): string {
  const ports = guarded.map(({ port }) => port)
  return `${placedByTrimaran}
${reasonsOn('firewall-from-links')}
# Who may connect to which port, by the links of the stack (${trimaran('explain')}). Servers are identified by address.
table ${table} {
${guarded.map(renderSet).join('\n')}

    chain incoming {
        type filter hook input priority filter; policy accept;
        iifname "lo" accept
${ports.map((port) => `        tcp dport ${port} ip saddr @tcp-${port} accept`).join('\n')}
        # Refused, not dropped, so that a wrong caller notices at once. No link uses IPv6, so all of it is refused.
        tcp dport { ${ports.join(', ')} } reject with tcp reset
    }
}
`
}

function renderSet({ port, addresses }: Guarded): string {
  const elements = addresses.length === 0 ? '' : `; elements = { ${addresses.join(', ')} }`
  return `    set tcp-${port} { type ipv4_addr; flags interval${elements}; }`
}
