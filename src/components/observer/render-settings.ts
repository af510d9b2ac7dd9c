import { votes } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { clientPort, peerPort } from '../etcd/index.ts'
import { places, postgresPort, restPort } from '../patroni/index.ts'
import { timing } from './timing.ts'

/** What the program is told: who the others are, where to knock, and how patient to be. */
export function renderSettings({ stack, server }: RenderContext): string {
  const holdsData = server.tier === 'database'
  const settings = {
    scope: stack.name,
    name: server.name,
    servers: Object.fromEntries(votes(stack).map(({ name, address }) => [name, address])),
    votesPort: clientPort,
    patroniPort: restPort,
    // Only ports that a link lets this server reach.
    askedPorts: holdsData ? [restPort, clientPort, postgresPort] : [clientPort, peerPort],
    postgres: holdsData && {
      data: places.data,
      psql: `${places.programs}/psql`,
      sockets: places.sockets,
      port: postgresPort,
      restPort,
      votesPort: clientPort,
    },
    failover: stack.declared.database.failover,
    ...timing,
  }
  return `${JSON.stringify(settings, undefined, 2)}\n`
}
