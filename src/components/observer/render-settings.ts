import { linksAcceptedBy, linksOpenedBy, type Server, type Stack, etcdMembers } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { clientPort } from '../etcd/index.ts'
import { paths, postgresPort, restPort } from '../patroni/index.ts'
import { linksOfObservers } from './links.ts'
import { paths as ownPaths } from './paths.ts'
import { timing } from './timing.ts'

/** The program's settings: the other servers, the ports to probe, and the time limits. */
export function renderSettings({ stack, server }: RenderContext): string {
  const holdsData = server.tier === 'database'
  const settings = {
    scope: stack.name,
    name: server.name,
    servers: Object.fromEntries(etcdMembers(stack).map(({ name, address }) => [name, address])),
    etcdPort: clientPort,
    caller: ownPaths.caller,
    patroniPort: restPort,
    askedPorts: Object.fromEntries(
      etcdMembers(stack).flatMap((other) =>
        other.name === server.name ? [] : [[other.name, knocksAt(stack, server, other)]],
      ),
    ),
    postgres: holdsData && {
      data: paths.data,
      psql: `${paths.programs}/psql`,
      sockets: paths.sockets,
      port: postgresPort,
      restPort,
      etcdPort: clientPort,
    },
    failover: stack.declared.database.failover,
    ...timing,
  }
  return `${JSON.stringify(settings, undefined, 2)}\n`
}

/** Only ports of links: on others a firewall may drop packets, which would look like a dead server. */
function knocksAt(stack: Pick<Stack, 'servers'>, from: Server, to: Server): readonly number[] {
  const links = linksOfObservers(stack)
  const accepted = new Set(linksAcceptedBy({ links }, to))
  return linksOpenedBy({ links }, from)
    .filter((link) => accepted.has(link))
    .flatMap(({ ports }) => ports)
}
