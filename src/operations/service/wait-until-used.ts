import { components } from '../../components/index.ts'
import { awaitUse } from '../../engine/await-drained.ts'
import { failure } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import type { Server } from '../../stack/stack.ts'
import type { Session } from '../session/session.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * Waits until the neighbours of a server send requests there again.
 * @throws TRI-DRAIN-002 when some do not within a minute.
 */
export async function waitUntilUsed(
  { stack, connect }: Pick<Session, 'stack' | 'connect'>,
  server: Server,
  emit: Emit,
): Promise<void> {
  const { name, tier } = server
  if (tier !== 'balancer') emit({ type: 'stage', name: `waiting until the other servers use ${name}` })
  const callers = await awaitUse(server, { stack, components, connect, seconds: 60 })
  if (callers.length === 0) return
  throw failure('TRI-DRAIN-002', {
    what: `${callers.join(', ')} ${callers.length === 1 ? 'does' : 'do'} not send requests to ${name}`,
    why: 'after a minute, their health checks of it still fail',
    state: `${name} is in service again, and gets requests as soon as it is well`,
    next: `${trimaran('status')} says what it lacks; ${trimaran(`logs ${name}`)}`,
  })
}
