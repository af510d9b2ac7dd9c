import type { Maintenance } from '../stack/stack-state.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * What is out of date in a balancer's own copy of the stack state: a balancer that was unreachable when the site was
 * closed or opened has the old state, which visitors get if it takes over the address.
 */
export function checkMaintenance(ordered: Maintenance | undefined, known: Maintenance | undefined): string | undefined {
  if (JSON.stringify(known) === JSON.stringify(ordered)) return undefined
  const does =
    ordered === undefined
      ? 'it still shows visitors the maintenance page'
      : known === undefined
        ? 'it shows visitors the site, which is closed for maintenance'
        : 'it has an old list of addresses that see the site during maintenance'
  return `${does} → ${trimaran('up')} tells it`
}
