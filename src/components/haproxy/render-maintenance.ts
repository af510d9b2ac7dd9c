import type { StackState } from '../../stack/stack-state.ts'
import { maintenanceRetrySeconds } from '../error-answers.ts'
import { refuse } from './refuse.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The rules that close the site for visitors; empty while it is open. They do not affect keepalived's check. */
export function renderMaintenance({ maintenance }: StackState): readonly string[] {
  if (maintenance === undefined) return []
  const { allow } = maintenance
  const isSomeAllowed = allow.length > 0
  return [
    `    # Closed for maintenance by an operator: ${trimaran('maintenance off')} opens it again.${isSomeAllowed ? ' These addresses still see the site.' : ''}
${allow.map((address) => `    acl sees-site src ${address}\n`).join('')}${refuse({
      status: 503,
      page: 'maintenance',
      retrySeconds: maintenanceRetrySeconds,
      condition: isSomeAllowed ? '!sees-site' : '',
    })}`,
  ]
}
