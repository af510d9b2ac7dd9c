import { hasTier, type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { checkMilliseconds, leastInterval } from './services.ts'

/** What HAProxy does on this server, by its tier and by the number of servers beside and behind it. */
export function explainHaproxy(server: Server, stack: Stack): Explanation {
  return explainers[server.tier]?.(stack) ?? unused(server)
}

const count = (stack: Stack, tier: Server['tier']): number => serversOf(stack, tier).length

function formatLimit({ declared }: Stack): string {
  const { rateLimit } = declared.balancer
  if (rateLimit === undefined) return ''
  return ` An address that sends more than ${rateLimit.requests} requests in ${rateLimit.per} s gets a 429, whichever balancer it reaches.`
}

/** As in the frontend: at most half of this balancer's connections, which depend on its memory. */
function formatOpen({ declared }: Stack): string {
  const { openRequests, connections } = declared.balancer.perAddress
  return ` One address may have ${openRequests} requests open at most, and ${connections} connections, or half of all: a slow client cannot block others (balancer.perAddress).`
}

function formatQueue({ declared }: Stack): string {
  const { concurrency, queueTimeout, sticky } = declared.app
  const queue =
    concurrency === undefined
      ? 'a burst of requests waits here and not in the app'
      : `requests beyond ${concurrency} at a time for each copy of the app wait here, for ${queueTimeout} s at most`
  return `Its connections to the app stay open, and ${queue}.${sticky ? ' A cookie keeps each visitor at one app server.' : ''}`
}

/** The check interval grows with the number of callers. */
function checkFrequency(stack: Stack): string {
  const milliseconds = checkMilliseconds({ callers: count(stack, 'web') }, leastInterval)
  return milliseconds <= 500 ? `${Math.floor(1000 / milliseconds)} times a second` : `every ${milliseconds / 1000} s`
}

const explainers: Readonly<Partial<Record<Server['tier'], (stack: Stack) => Explanation>>> = {
  balancer: (stack) => ({
    what: 'HAProxy: accepts connections of visitors and passes each request to a web server.',
    why: 'Visitors need one address that always answers. HAProxy checks every web server twice a second, and uses only those that are well.',
    brings: {
      scalability:
        count(stack, 'web') > 1
          ? `It spreads the requests evenly over ${count(stack, 'web')} web servers; another one is one line in the config.`
          : 'A second web server can be added without visitors noticing.',
      isolation: `Visitors need only this port, so your own firewall can close all others; slow or malformed requests end here.${formatOpen(stack)}${formatLimit(stack)}`,
      ...(count(stack, 'web') > 1 && {
        redundancy: 'A web server that dies is no longer used, and requests go to another one.',
      }),
      performance: 'It keeps connections to the web servers open, and bursts wait here in a queue.',
      'ease of maintenance': 'A web server can be drained and changed while the others serve.',
    },
    whenItDies:
      count(stack, 'balancer') > 1
        ? 'The address moves to another balancer within a third of a second. Open connections are cut; browsers open new ones.'
        : 'Visitors cannot reach the site until systemd has started it again, a fraction of a second later. If the whole server dies, until it is back.',
  }),
  web: (stack) => ({
    what: "HAProxy as a sidecar: passes nginx's requests on to an app server.",
    why: `nginx notices a dead app server only when requests fail. The sidecar checks each slot of the app ${checkFrequency(stack)}, and tries another one when it cannot connect.`,
    brings: {
      scalability:
        count(stack, 'app') > 1
          ? `Every web server uses all ${count(stack, 'app')} app servers, evenly.`
          : 'A second app server can be added without visitors noticing.',
      isolation: 'nginx knows only a local socket, and no address of the app tier.',
      ...(count(stack, 'app') > 1 && {
        redundancy:
          'An app server that dies is no longer used. Requests that did not reach it go to another one. The balancers repeat the requests that may be sent twice.',
      }),
      performance: formatQueue(stack),
    },
    whenItDies: `systemd starts it again within a fraction of a second; until then ${
      count(stack, 'web') > 1 ? 'pages through this web server' : 'all pages'
    } fail that are not static files.`,
  }),
  app: (stack) => (hasTier(stack, 'database') ? leadsToPrimary(stack) : saysReadiness),
}

const leadsToPrimary = (stack: Stack): Explanation => ({
  what: 'HAProxy as a sidecar: passes connections to 127.0.0.1:5432 on to the database server that is primary now.',
  why: 'The app then needs only one address that never changes. The sidecar asks Patroni on each database server several times a second whether it is the primary.',
  brings: {
    isolation: 'The app knows no address of the database tier.',
    ...(count(stack, 'database') > 1 && {
      redundancy: 'After a failover, new connections reach the new primary; those to the old one are ended at once.',
    }),
    'ease of maintenance':
      count(stack, 'database') > 1
        ? 'The primary can move to another server without a change of the app.'
        : 'More database servers can be added without a change of the app.',
  },
  whenItDies: `systemd starts it again within a fraction of a second; the database connections of ${
    count(stack, 'app') > 1 ? 'this app server' : 'the app'
  } are cut, and its pool opens new ones.`,
})

const saysReadiness: Explanation = {
  what: 'HAProxy: tells the web servers which slot of the app they may use.',
  why: 'A release starts beside the one that runs, and a server that is drained must get no more requests. Web servers ask it several times a second.',
  brings: { 'ease of maintenance': 'A release is changed, or the server drained, without a request lost.' },
  whenItDies: 'systemd starts it again within a fraction of a second; until then web servers go on as they did.',
}

const unused = ({ tier }: Server): Explanation => ({
  what: 'HAProxy is not used here.',
  why: `A ${tier} server calls no other tier.`,
  brings: {},
  whenItDies: 'Nothing.',
})
