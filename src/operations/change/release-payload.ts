import { having } from '../../components/component.ts'
import { components, releaseAt } from '../../components/index.ts'
import { gatherPayloads, type Payload } from '../../engine/gather-payloads.ts'
import { isObservation } from '../../observation/observation.ts'
import { providePayload } from '../../release/provide-payload.ts'
import { changesOf, stepsOf } from '../../plan/plan.ts'
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
 * Sees to it that all archives that a machine will unpack are on this computer: the release is fetched from whoever has it, or
 * built; a language runtime is downloaded. `isFresh` where the machine cannot be asked yet: it is taken for one that has nothing.
 * @throws TRI-RELEASE-…
 */
export async function provideArchivesFor(
  { name, tier }: Server,
  isFresh: boolean,
  session: Session,
  terms: Terms,
): Promise<void> {
  const archives = having(components, 'holdsReleases').flatMap(({ role }) => (role.tier === tier ? [role.archive] : []))
  if (archives.length === 0) return
  const absent = new Set([...(session.absent ?? []), ...(isFresh ? [name] : [])])
  const proposal = await planStack({ ...session, absent }, {}, terms.emit)
  const planned = changesOf(proposal.plan)
    .filter(({ server }) => server.name === name)
    .flatMap(stepsOf)
    .flatMap(({ payload }) => payload ?? [])
  const payload = payloadFor(proposal, releaseSources(proposal, session), session, terms)
  const ofRelease = archives.map((archive) => `${archiveNames[archive]}:${proposal.stackState.release}`)
  await gatherPayloads([...new Set([...ofRelease, ...planned])], payload)
}

/** How a plan names the archives of a release. */
export const archiveNames = { app: 'release', static: 'static' } as const
