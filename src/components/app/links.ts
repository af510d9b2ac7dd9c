import type { Link, Stack } from '../../stack/stack.ts'
import { readinessPath } from '../haproxy/index.ts'
import { type Process, processesOf } from './processes.ts'
import { endpointsOfProcess } from './slots.ts'

type Known = Omit<Stack, 'links'>

/**
 * For each process that answers requests: its endpoints in both slots, and the readiness ports that say which of them
 * to use.
 */
export function linksToApp(stack: Known): readonly Link[] {
  const answering = processesOf(stack).filter(({ firstPort }) => firstPort !== undefined)
  return [
    ...answering.map((one) => linkTo(one, stack)),
    {
      ...fromWeb,
      component: 'haproxy',
      ports: answering.flatMap((one) => endpointsOfProcess(one, stack).map(({ readinessPort }) => readinessPort)),
      why: 'web servers ask there which slot and which copy they may use now',
    },
    {
      from: 'app',
      to: 'outside',
      component: 'app',
      protocol: 'any',
      ports: [],
      users: ['app'],
      why: whatItCalls(stack),
    },
  ]
}

/** What an operator reads of it in `explain`. */
function whatItCalls({ declared: { app } }: Known): string {
  if (app.outbound === undefined)
    return 'the app calls the internet, and no private network but those of app.privateNetworks'
  if (app.outbound.length === 0) return 'the app calls nothing but the site, its database, and app.privateNetworks'
  return `the app calls ${app.outbound.join(', ')}, and nothing else but the site, its database, and app.privateNetworks`
}

const fromWeb = { from: 'web', to: 'app', protocol: 'tcp' } as const

function linkTo(one: Process, stack: Known): Link {
  const { name, paths, firstPort, health, concurrency } = one
  const endpoints = endpointsOfProcess(one, stack)
  return {
    ...fromWeb,
    component: 'app',
    ports: endpoints.map(({ port }) => port),
    why:
      paths.length === 0
        ? 'web servers pass on the requests that no static file answers'
        : `web servers pass on requests below ${paths.join(', ')}`,
    service: {
      name: paths.length === 0 ? 'app' : `app-${name}`,
      port: firstPort!,
      mode: 'http',
      check: { method: 'GET', path: readinessPath },
      endpoints: { list: endpoints, health },
      ...(paths.length > 0 && { paths }),
      ...(stack.declared.app.sticky && { isSticky: true }),
      ...(concurrency !== undefined && { concurrency }),
    },
  }
}
