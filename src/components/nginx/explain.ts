import { peersOf, type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainNginx(server: Server, stack: Stack): Explanation {
  const peers = peersOf(stack, server)
  const others = peers.length === 1 ? 'the other web server' : `the other ${peers.length} web servers`
  const apps = serversOf(stack, 'app').length
  return {
    what: `nginx serves the static files of the release and passes every other request to ${apps === 1 ? 'the app server' : 'one of the app servers'}.`,
    why: 'nginx waits for slow visitors, so that the app need not, and static files cost the app nothing.',
    brings: {
      performance:
        'Files are compressed, cached by browsers, and sent without the app; answers are buffered for slow visitors.',
      isolation:
        'Visitors never reach the app directly. Sizes are limited, and X-Forwarded-* headers from visitors are removed.',
      scalability: 'Web servers keep no data: a new one gets its share of requests as soon as it answers.',
      ...(peers.length > 0 && {
        redundancy: `Each request can be answered by any of the ${peers.length + 1} web servers.`,
      }),
      'ease of maintenance':
        'A release is switched by one symbolic link, a new config by a reload that does not cut requests.',
    },
    whenItDies:
      peers.length > 0
        ? `Within a second the balancers send its requests to ${others}, and repeat those that can be repeated; visitors notice nothing else.`
        : `It is the only web server: visitors get 503 from the balancer until systemd has started nginx again. A second web server ends that.`,
  }
}
