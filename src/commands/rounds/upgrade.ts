import { buildCommand } from '@stricli/core'
import { askOffer, type Offer, upgradePackages, type Upgraded } from '../../engine/upgrade-packages.ts'
import { failure } from '../../errors/failure.ts'
import type { Server } from '../../stack/stack.ts'
import type { Output } from '../../ui/output.ts'
import { columns } from '../../ui/columns.ts'
import type { Session } from '../../operations/session/session.ts'
import { restart, roundParameters } from './reboot.ts'
import { upgradeNode } from './upgrade-node.ts'
import type { RoundFlags, Turn } from './round.ts'
import { runRound } from './run-round.ts'

export const upgrade = buildCommand({
  docs: {
    brief: "Upgrade Debian's packages, one server after the other, each drained first, and the app's Node.js",
    fullDescription: [
      "Upgrades Debian's packages, one server after the other, each drained first. Where this Trimaran knows a newer Node.js",
      'than app servers have, the app is moved to it before, server by server, from one slot to the other.',
    ].join('\n'),
  },
  parameters: roundParameters,
  func: async (flags: RoundFlags, ...words: readonly string[]) => {
    if (!(await upgradeNode(flags, words))) return
    await runRound(
      flags,
      { verb: 'upgrade', deed: 'Upgrade', done: 'upgraded', choose: chooseUpgradable, work: upgradeServer },
      words,
    )
  },
})

/** Only servers to which Debian offers something are upgraded. @throws TRI-UPGRADE-001 */
async function chooseUpgradable(
  { connect }: Session,
  servers: readonly Server[],
  output: Output,
): Promise<readonly Server[]> {
  output.tell({
    type: 'stage',
    name: `asks Debian what is new for ${servers.length === 1 ? servers[0]!.name : `${servers.length} servers`}`,
  })
  const offers = await Promise.all(
    servers.map(async (server) => ({ server, offer: await askOffer(await connect(server)) })),
  )
  const unreachable = offers.filter(({ offer }) => offer.unreachable !== undefined)
  if (unreachable.length > 0) throw notReachable(unreachable)
  const wanting = offers.filter(({ offer }) => offer.packages.length > 0 || offer.needsRestart)
  output.printJson({ type: 'offers', offers: offers.map(({ server, offer }) => ({ server: server.name, ...offer })) })
  if (wanting.length === 0)
    output.print(`${output.tone.green('✔')} Debian has nothing new for ${servers.map(({ name }) => name).join(', ')}`)
  else output.print(columns(wanting.map(({ server, offer }) => [server.name, tellOffer(offer)])))
  return wanting.map(({ server }) => server)
}

const shown = 4

function tellOffer({ packages, needsRestart }: Offer): string {
  const more = packages.length > shown ? [`${packages.length - shown} more`] : []
  return [...packages.slice(0, shown), ...more, ...(needsRestart ? ['restart for what was upgraded before'] : [])].join(
    ', ',
  )
}

async function upgradeServer(turn: Turn): Promise<void> {
  const { session, server, phase } = turn
  const { needsRestart } = await phase('is upgraded', () => perform(session, server), tellUpgraded)
  if (needsRestart) await restart(turn)
}

async function perform({ connect }: Session, server: Server): Promise<Upgraded> {
  const upgraded = await upgradePackages(await connect(server))
  if (upgraded.ok) return upgraded
  throw failure('TRI-UPGRADE-002', {
    what: `the packages of ${server.name} could not be upgraded`,
    why: upgraded.said,
    next: `\`trimaran exec ${server.name} -- 'dpkg --configure -a; apt-get -y -f install'\` often helps`,
  })
}

const tellUpgraded = ({ restarted, needsRestart }: Upgraded): string =>
  [
    'upgraded',
    ...(restarted.length > 0
      ? [`started anew: ${restarted.map((unit) => unit.replace('.service', '')).join(', ')}`]
      : []),
    ...(needsRestart ? ['needs a restart'] : []),
  ].join('; ')

function notReachable(servers: readonly { readonly server: Server; readonly offer: Offer }[]) {
  const alike = [...Map.groupBy(servers, ({ offer }) => offer.unreachable!)]
  return failure('TRI-UPGRADE-001', {
    what: `Debian's packages cannot be reached from ${servers.map(({ server }) => server.name).join(', ')}`,
    why: alike.map(([why, those]) => `${those.map(({ server }) => server.name).join(', ')}: ${why}`).join('\n'),
    state: 'no package was changed on any server',
    next: 'the servers need a way to a Debian mirror, or a proxy in /etc/apt/apt.conf.d; servers of a lab have none',
  })
}
