import { components } from '../../components/index.ts'
import { awaitDrained, type Freed } from '../../engine/await-drained.ts'
import { failure } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { patienceFor } from '../../plan/removed-servers.ts'
import type { StackState } from '../../stack/stack-state.ts'
import type { Server } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import { applyProposal } from '../change/apply-proposal.ts'
import { proposeChange } from '../change/propose-change.ts'
import { ignoreEvents } from '../emit.ts'
import { lookAtVisitors } from '../look/look-back.ts'
import type { Session } from '../session/session.ts'
import { undrainedState } from './drained-state.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * Waits until a drained server is free, and returns what is still open there. If all others of its tier are lost in the
 * meantime, it is put back into service, unless `--anyway` was given.
 * @throws TRI-DRAIN-003 when it was put back.
 */
export async function waitUntilDrained(session: Session, server: Server, emit: Emit, anyway: boolean): Promise<Freed> {
  const { stack, connect } = session
  const freed = await awaitDrained(server, {
    stack,
    components,
    connect,
    seconds: patienceFor(server, stack),
    mayBeLast: anyway,
    onOpen: (open) => emit({ type: 'stage', name: `${server.name} waits for open requests`, detail: `${open} open` }),
  })
  if (freed !== 'missed') return freed
  emit({
    type: 'note',
    level: 'warning',
    text: `no other server serves in place of ${server.name} any more: it is put back`,
  })
  const told = await putBack(session, server)
  const visitors = await lookAtVisitors(session, told, {})
  throw failure('TRI-DRAIN-003', {
    what: `${server.name} was put back into service`,
    why: `the other ${server.tier} servers stopped serving while it was being drained: ${tiers[server.tier].loss}`,
    state: `it was put back: ${visitors}`,
    next: `${trimaran('status')} says what state the others are in; drain again once they are well`,
  })
}

/** Visitors get errors until then, and a lost connection takes long to time out. */
async function putBack(session: Session, { name }: Server): Promise<StackState> {
  const wish = { newState: undrainedState(name), answerWithinSeconds: 3 }
  const proposal = await proposeChange(session, wish, ignoreEvents)
  if (proposal.plan.waves.length > 0)
    await applyProposal(session, proposal, { verb: 'undrain' }, { emit: ignoreEvents, isUnwatched: true })
  return proposal.stackState
}
