import type { Maintenance } from '../stack/stack-state.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * What is odd about a balancer's own copy of the stack state: one that was unreachable when the site was closed or opened goes on with
 * what it knew, and visitors meet that if it takes over the address.
 */
export function checkMaintenance(ordered: Maintenance | undefined, known: Maintenance | undefined): string | undefined {
  if (JSON.stringify(known) === JSON.stringify(ordered)) return undefined
  const does =
    ordered === undefined
      ? 'it still shows visitors the maintenance page'
      : known === undefined
        ? 'it shows visitors the site, which is closed for maintenance'
        : 'it lets other addresses in during maintenance than was decided last'
  return `${does} → ${trimaran('up')} tells it`
}
