import { lines, sh, type Shell } from '../../shell/sh.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { isAddress } from '../../stack/networks.ts'
import { callersOf, linksInto, siteName, type Server, type Endpoint, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { checkHealth, healthAgent, healthSeconds, ownAddress, healthyStatus } from '../health-check.ts'
import { paths } from './paths.ts'

/** The path that callers check for readiness. */
export const readinessPath = '/ready'

/** The readiness port of a service's port. */
export const readinessPortOf = (port: number): number => port + 500

interface Readiness extends Endpoint {
  readonly health: string
  /** The callers, from the links. */
  readonly callers: readonly Server[]
}

/** The readiness that a server reports to callers: one for each port of its services. */
export const readinessOf = (server: Server, stack: Stack): readonly Readiness[] =>
  linksInto(stack, server.tier).flatMap((link) =>
    (link.service?.endpoints?.list ?? []).map((endpoint) => ({
      ...endpoint,
      health: link.service!.endpoints!.health,
      callers: callersOf(stack, link),
    })),
  )

/** Makes the services on these ports ready, and waits until callers send requests there. */
export const openReadiness = (ports: readonly number[]): Shell => sh`${paths.readiness} open ${ports}`
/** Makes them not ready, and waits until callers send no more requests there. */
export const closeReadiness = (ports: readonly number[]): Shell => sh`${paths.readiness} close ${ports}`

/** The same without waiting. */
export const shutReadiness = (ports: readonly number[]): Shell => sh`${paths.readiness} shut ${ports}`

/**
 * Refuses a config under which the release that serves now is not ready, since it does not answer the new health path.
 */
export const checkReadiness = ({ server, stack, facts }: Pick<RenderContext, 'server' | 'stack' | 'facts'>): Shell =>
  lines(
    readinessOf(server, stack).map(
      ({ port, readinessPort, health }) => sh`
        if curl -fs -o /dev/null -m 1 ${`http://127.0.0.1:${readinessPort}${readinessPath}`} &&
          ! said=$(${checkHealth(siteName(stack))} -f -o /dev/null ${`http://${ownAddress(server, facts)}:${port}${health}`} 2>&1); then
          echo ${`the release that serves on port ${port} would go out of service: it does not answer ${health}`} "($said)"
          echo 'first deploy a release that answers both the old and the new path, then change app.health'
          exit 1
        fi
      `,
    ),
  )

/**
 * For each such port, a frontend that tells callers whether to send requests there. It answers 200 while the service
 * answers its health path and was not made unready. So a drained server tells all its callers itself.
 */
export function renderReadiness({ server, stack, stackState, facts }: RenderContext): readonly string[] {
  const aside = isDrained(stackState, server.name)
  const here = ownAddress(server, facts)
  return readinessOf(server, stack).map(
    ({
      name,
      port,
      readinessPort,
      health,
      callers,
    }) => `# Readiness of ${name}: yes while what listens on ${port} is well, and nobody has closed it.
frontend ready-${port}
    bind *:${readinessPort} proto h1
    no log
    timeout http-request 2s
    timeout client 5s
    timeout http-keep-alive 1s
${renderCallers(callers)}
    # Callers report how many requests they have open here: a slot that is retired ends when all report none.
    stick-table type ip size 1k expire 3s store gpt0
    http-request track-sc0 src if is-caller !is-here
    http-request sc-set-gpt0(0) req.hdr(X-Haproxy-Server-State),regsub(^.*scur=,),field(1,/) if is-caller !is-here
    http-request return status 404 unless { path ${readinessPath} }
${aside ? '    # This server is drained: callers must not send requests here.\n    http-request return status 503' : `    http-request return status 503 if { nbsrv(local-${port}) lt 1 }\n    http-request return status 200`}

backend local-${port}
    timeout server 5s
    option httpchk
    # Checked as callers do: at the same address, with the visitors' Host header.
    http-check send meth GET uri ${health} ver HTTP/1.1 hdr Host ${siteName(stack)} hdr User-Agent ${healthAgent} hdr Connection close
    http-check expect status ${healthyStatus}
    timeout check ${healthSeconds}s
    server here ${here}:${port} check inter 500ms fastinter 100ms downinter 200ms fall 2 rise 1`,
  )
}

/**
 * Only callers get an answer and are counted; this server itself gets an answer but is not counted. Servers are set up
 * only when all addresses are known, so that no caller is missing here.
 */
function renderCallers(callers: readonly Server[]): string {
  const who = callers
    .filter(({ address }) => isAddress(address))
    .map(({ name, address }) => `    acl is-caller src ${address} # ${name}`)
  return `    # Who calls here, by the addresses of the stack, is answered and believed; nobody else is.
${who.join('\n')}
    acl is-here src 127.0.0.0/8
    http-request return status 403 unless is-caller || is-here`
}
