import { hasTier, isAlone, peersOf, type Server, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainNginx(server: Server, stack: Stack): Explanation {
  const peers = peersOf(stack, server)
  const others = peers.length === 1 ? 'the other web server' : `the other ${peers.length} web servers`
  return {
    ...(hasTier(stack, 'app') ? beforeApp(stack) : ofSite(stack)),
    brings: {
      ...(hasTier(stack, 'app') ? broughtToApp : broughtToSite),
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

const beforeApp = (stack: Stack): Pick<Explanation, 'what' | 'why'> => ({
  what: `nginx serves the static files of the release and passes every other request to ${isAlone(stack, 'app') ? 'the app server' : 'one of the app servers'}.`,
  why: 'nginx waits for slow visitors, so that the app need not, and static files cost the app nothing.',
})

const ofSite = ({ declared: { web } }: Stack): Pick<Explanation, 'what' | 'why'> => ({
  what: `nginx serves the files of the site. A path that no file has is answered ${web.fallback === undefined ? 'with 404' : `with ${web.fallback}`}.`,
  why: 'The site has no app: files are all that it is made of.',
})

const broughtToApp: Explanation['brings'] = {
  performance:
    'Files are compressed, cached by browsers, and sent without the app; answers are buffered for slow visitors.',
  isolation:
    'Visitors never reach the app directly. Sizes are limited, and X-Forwarded-* headers from visitors are removed.',
}

const broughtToSite: Explanation['brings'] = {
  performance: 'Files are compressed, and cached by browsers.',
  isolation: 'Visitors never reach it directly, and no program of the site runs here.',
}
