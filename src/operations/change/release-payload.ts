import { having } from '../../components/component.ts'
import { components, releaseAt } from '../../components/index.ts'
import { gatherPayloads, type Payload } from '../../engine/gather-payloads.ts'
import { isObservation } from '../../observation/observation.ts'
import { providePayload } from '../../release/provide-payload.ts'
import { factsOf } from '../../resources/kinds.ts'
import type { Server } from '../../stack/stack.ts'
import type { Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'
import { planStack, type Proposal } from './plan-stack.ts'

/** Where the archives come from that a plan unpacks. */
export const payloadFor = (
  { stackState }: Proposal,
  sources: readonly Server[],
  { config, folder, stateFolder, connect, readAppSecrets }: Session,
  { emit, signal }: Terms,
): Payload =>
  providePayload({
    config,
    folder,
    stateFolder,
    connect,
    readAppSecrets,
    sources,
    stackState,
    emit,
    ...(signal && { signal }),
  })

/** Servers that have the release whole: what another one misses can be fetched from them. */
export function releaseSources({ answers, stackState: { release } }: Proposal, { stack }: Session): readonly Server[] {
  return stack.servers.filter(({ name }) => {
    const answer = answers.get(name)
    if (answer === undefined || !isObservation(answer)) return false
    // What was changed by hand on one server is not handed on to others.
    return [...factsOf(answer, 'tree')].some(([path, { is }]) => releaseAt(path) === release && is === 'whole')
  })
}

/**
 * Sees to it that the release of the stack is on this computer, for a machine that has nothing yet: fetched from whoever has it,
 * or built.
 * @throws TRI-RELEASE-…
 */
export async function provideReleaseFor({ tier }: Server, session: Session, terms: Terms): Promise<void> {
  const archives = having(components, 'holdsReleases').flatMap(({ role }) => (role.tier === tier ? [role.archive] : []))
  if (archives.length === 0) return
  const proposal = await planStack(session, {}, terms.emit)
  const payload = payloadFor(proposal, releaseSources(proposal, session), session, terms)
  await gatherPayloads(
    archives.map((archive) => `${archiveNames[archive]}:${proposal.stackState.release}`),
    payload,
  )
}

/** How a plan names the archives of a release. */
export const archiveNames = { app: 'release', static: 'static' } as const
