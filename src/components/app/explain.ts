import { hasTier, peersOf, type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { processesOf } from './processes.ts'
import { portsIn, slotNames } from './slots.ts'

export function explainApp(server: Server, stack: Stack): Explanation {
  const peers = peersOf(stack, server)
  const others = peers.length === 1 ? 'the other app server' : `the other ${peers.length} app servers`
  const { start, health, stopTimeout } = stack.declared.app
  const sidecars =
    serversOf(stack, 'web').length === 1 ? 'The sidecar of the web server uses' : 'The sidecars of the web servers use'
  return {
    what: `Your app, started by \`${start}\` as the user \`app\`. ${formatPorts(server, stack)}`,
    why: `The app has its own servers, so that it can be scaled and released without changes to other tiers. ${sidecars} it while ${health} answers.`,
    brings: {
      ...(peers.length > 0 && {
        redundancy: `Each request can be answered by any of the ${peers.length + 1} app servers${exceptFiles(stack)}.`,
      }),
      ...(stack.declared.app.writable.length === 0 && {
        scalability:
          'The app keeps nothing on its own disk, so a new app server gets its share of requests as soon as it answers.',
      }),
      isolation: `It runs without special rights, cannot change its own code, and ${hasTier(stack, 'database') ? 'reaches the database only through the local HAProxy' : 'reaches no server of the stack'}.${formatOutbound(stack)}`,
      'ease of maintenance': `SIGTERM asks it to end, and it has ${stopTimeout} seconds to finish its requests; systemd starts it again whenever it ends.`,
    },
    whenItDies:
      peers.length > 0
        ? `Its requests are sent again to ${others} where that is safe, and the sidecars send it no more requests until it answers ${health} again.`
        : 'It is the only app server: static files are still served, everything else is answered with 503 until systemd has started the app again. A second app server ends that.',
  }
}

function formatOutbound({ declared: { app } }: Stack): string {
  if (app.outbound === undefined) return ''
  const hosts = app.outbound.length === 0 ? 'no host' : `only ${app.outbound.join(', ')}`
  return ` Elsewhere it may call ${hosts}, and no other name is looked up for it.`
}

/** What one of them wrote, the others do not have. */
function exceptFiles({ declared: { app } }: Stack): string {
  return app.writable.length === 0 ? '' : `, but for files in ${app.writable.join(', ')}: each has its own`
}

/** The two slots of this server, and what runs there beside the app's own command. */
function formatPorts(server: Server, stack: Stack): string {
  const [blue, green] = slotNames.map((slot) => portsIn(slot, stack, server))
  const [, ...beside] = processesOf(stack).map(({ name }) => name)
  const more = beside.length === 0 ? '' : ` Beside it run the other processes of the release: ${beside.join(', ')}.`
  return `A release runs in one of two slots, at ${formatRange(blue!)} or at ${formatRange(green!)}, so that the next one starts beside it.${more}`
}

const formatRange = (ports: readonly number[]): string =>
  ports.length === 1 ? `port ${ports[0]}` : `ports ${ports.join(', ')}`
