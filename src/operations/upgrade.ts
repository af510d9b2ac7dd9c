import { askOffer, type Offer, upgradePackages, type Upgraded } from '../engine/upgrade-packages.ts'
import { failure } from '../errors/failure.ts'
import type { Emit } from '../events/event.ts'
import type { Server } from '../stack/stack.ts'
import type { Operator } from './operator.ts'
import { restart } from './reboot.ts'
import { beginPhase } from './rolling/begin-phase.ts'
import { roll } from './rolling/roll.ts'
import type { Rolled, RollingProposal, RollingWish } from './rolling/rolling.ts'
import type { Session } from './session/session.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * Upgrades Debian's packages on one server after the other, each drained first. `moveNode` moves the app to a newer Node.js.
 * @throws TRI-UPGRADE-001 where Debian's packages cannot be reached, -002; as `roll`
 */
export const upgrade = (session: Session, wish: RollingWish, operator: Operator<RollingProposal>): Promise<Rolled> =>
  roll(session, wish, { verb: 'upgrade', choose: chooseUpgradable, perform: upgradeServer }, operator)

/** Only servers to which Debian offers something have a step. @throws TRI-UPGRADE-001 */
async function chooseUpgradable(
  { connect }: Pick<Session, 'connect'>,
  servers: readonly Server[],
  emit: Emit,
): Promise<readonly Server[]> {
  const whom = servers.length === 1 ? servers[0]!.name : `${servers.length} servers`
  emit({ type: 'stage', name: `checking the Debian mirror for ${whom}` })
  const offers = await Promise.all(
    servers.map(async (server) => ({ server, offer: await askOffer(await connect(server), tellWait(server, emit)) })),
  )
  const unreachable = offers.filter(({ offer }) => offer.unreachable !== undefined)
  if (unreachable.length > 0) throw notReachable(unreachable)
  emit({ type: 'offers', offers: offers.map(({ server, offer }) => ({ server: server.name, ...offer })) })
  return offers.filter(({ offer }) => offer.packages.length > 0 || offer.needsRestart).map(({ server }) => server)
}

async function upgradeServer(server: Server, session: Session, emit: Emit): Promise<void> {
  const upgraded = beginPhase(server, 'is upgraded', emit)
  const result = await perform(server, session, emit)
  upgraded(formatUpgraded(result))
  if (result.needsRestart) await restart(server, session, emit)
}

async function perform(server: Server, { connect }: Pick<Session, 'connect'>, emit: Emit): Promise<Upgraded> {
  const upgraded = await upgradePackages(await connect(server), tellWait(server, emit))
  if (upgraded.ok) return upgraded
  throw failure('TRI-UPGRADE-002', {
    what: `the packages of ${server.name} could not be upgraded`,
    why: upgraded.said,
    next: `${trimaran(`exec ${server.name} -- 'dpkg --configure -a; apt-get -y -f install'`)} often helps`,
  })
}

const tellWait =
  ({ name }: Server, emit: Emit) =>
  (text: string): void =>
    emit({ type: 'note', level: 'info', text: `${name}: ${text}` })

const formatUpgraded = ({ restarted, needsRestart }: Upgraded): string =>
  [
    'upgraded',
    ...(restarted.length > 0 ? [`restarted: ${restarted.map((unit) => unit.replace('.service', '')).join(', ')}`] : []),
    ...(needsRestart ? ['needs a restart'] : []),
  ].join('; ')

function notReachable(servers: readonly { readonly server: Server; readonly offer: Offer }[]) {
  const alike = [...Map.groupBy(servers, ({ offer }) => offer.unreachable!)]
  return failure('TRI-UPGRADE-001', {
    what: `Debian's packages cannot be reached from ${servers.map(({ server }) => server.name).join(', ')}`,
    why: alike.map(([why, those]) => `${those.map(({ server }) => server.name).join(', ')}: ${why}`).join('\n'),
    state: 'no package was changed on any server',
    next: 'the servers must reach a Debian mirror, or need a proxy in /etc/apt/apt.conf.d; lab servers reach none',
  })
}
