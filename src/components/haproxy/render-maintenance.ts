import type { StackState } from '../../stack/stack-state.ts'
import { maintenanceRetrySeconds, pagePath } from './pages.ts'
import { refuse } from './refuse.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The rules that close the site to visitors; empty while it is open. What keepalived asks is not touched by them. */
export function renderMaintenance({ maintenance }: StackState): readonly string[] {
  if (maintenance === undefined) return []
  const { allow } = maintenance
  const isSomeAllowed = allow.length > 0
  return [
    `    # Closed for maintenance by an operator: ${trimaran('maintenance off')} opens it again.${isSomeAllowed ? ' These see the site all the same.' : ''}
${allow.map((address) => `    acl sees-site src ${address}\n`).join('')}${refuse({
      status: 503,
      error: 'maintenance',
      message: 'The site is closed for maintenance.',
      page: pagePath('maintenance'),
      retrySeconds: maintenanceRetrySeconds,
      condition: isSomeAllowed ? '!sees-site' : '',
    })}`,
  ]
}
